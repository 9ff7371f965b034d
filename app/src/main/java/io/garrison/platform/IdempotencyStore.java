package io.garrison.platform;

import io.garrison.tenancy.SecretVault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Remembers what was answered to a request with an Idempotency-Key. Works in statements of their own, no transaction. */
@Component
class IdempotencyStore {

    static final Duration KEPT = Duration.ofHours(24);

    /** After this long without an answer the first request is taken for lost with its process. */
    private static final Duration LOST = Duration.ofMinutes(2);

    private final JdbcClient jdbc;
    private final SecretVault vault;
    private final Clock clock;
    private final JsonMapper json = new JsonMapper();

    IdempotencyStore(JdbcClient jdbc, SecretVault vault, Clock clock) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.clock = clock;
    }

    /** @param headers those that make the answer what it is */
    record Answer(int status, Map<String, String> headers, byte[] body) {}

    /** @param answer absent while the first request runs */
    record Known(byte[] requestHash, Optional<Answer> answer) {}

    /**
     * The right to carry a request out.
     *
     * @param startedAt tells it from a later claim to the same key, made after this one was taken for lost
     */
    record Claim(UUID principal, String key, OffsetDateTime startedAt) {}

    /** @return empty if somebody else has the key */
    Optional<Claim> claim(UUID principal, String key, byte[] requestHash) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        jdbc.sql("""
                delete from platform.idempotent_request where principal = ? and key = ?
                   and (started_at < ? or (status is null and started_at < ?))
                """)
                .params(principal, key, at(now.minus(KEPT)), at(now.minus(LOST)))
                .update();
        int inserted =
                jdbc.sql("""
                insert into platform.idempotent_request (principal, key, request_hash, started_at)
                values (?, ?, ?, ?) on conflict do nothing
                """).params(principal, key, requestHash, at(now)).update();
        return inserted == 1 ? Optional.of(new Claim(principal, key, at(now))) : Optional.empty();
    }

    Optional<Known> find(UUID principal, String key) {
        return jdbc.sql("""
                select request_hash, status, answer from platform.idempotent_request where principal = ? and key = ?
                """)
                .params(principal, key)
                .query((row, n) -> {
                    byte[] answer = row.getBytes("answer");
                    return new Known(
                            row.getBytes("request_hash"),
                            answer == null
                                    ? Optional.empty()
                                    : Optional.of(
                                            json.readValue(vault.open(context(principal, key), answer), Answer.class)));
                })
                .optional();
    }

    void finish(Claim claim, Answer answer) {
        jdbc.sql("""
                update platform.idempotent_request set status = ?, answer = ?
                where principal = ? and key = ? and started_at = ?
                """)
                .params(
                        answer.status(),
                        vault.seal(context(claim.principal(), claim.key()), json.writeValueAsBytes(answer)),
                        claim.principal(),
                        claim.key(),
                        claim.startedAt())
                .update();
    }

    /** Nothing came of it, so the key may be used again. */
    void forget(Claim claim) {
        jdbc.sql("delete from platform.idempotent_request where principal = ? and key = ? and started_at = ?")
                .params(claim.principal(), claim.key(), claim.startedAt())
                .update();
    }

    @Scheduled(fixedDelay = 3_600_000)
    void removeOld() {
        jdbc.sql("delete from platform.idempotent_request where started_at < ?")
                .param(at(clock.instant().minus(KEPT)))
                .update();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static String context(UUID principal, String key) {
        return "platform.idempotent_request/" + principal + "/" + key;
    }
}
