package io.garrison.tenancy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of people. Only the provider's role sees what proves who they are. */
@Component
class Accounts {

    /** Houses that one person can be in with a password of its own; the oldest are tried. */
    private static final int MOST_HOUSES = 50;

    /** Far longer than between the making of an account and its first membership. */
    private static final Duration ARRIVAL = Duration.ofHours(1);

    private final JdbcClient jdbc;
    private final Clock clock;

    Accounts(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    record Attempt(UUID account, @Nullable String passwordHash) {}

    UUID create(String email, String passwordHash) {
        var id = UUID.randomUUID();
        jdbc.sql("insert into tenancy.account (id, email, password_hash, created_at) values (?, ?, ?, ?)")
                .params(id, email, passwordHash, now())
                .update();
        return id;
    }

    /**
     * Counts a try at each account of the address before its password is checked, so that tries at once cannot outrun the
     * count.
     *
     * @return those that are a member somewhere and not locked, the oldest first
     */
    List<Attempt> beginAttempts(String email, AuthSettings settings) {
        return jdbc.sql("""
                        with tried as (
                            select a.id, a.created_at from tenancy.account a
                             where a.email = :email and (a.locked_until is null or a.locked_until <= :now)
                               and exists (select from tenancy.member m
                                            where m.account_id = a.id and m.accepted_at is not null)
                             order by a.created_at, a.id limit :most for update of a),
                        counted as (
                            update tenancy.account a set
                                failed_attempts = case when a.locked_until is null then a.failed_attempts else 0 end + 1,
                                locked_until = case
                                    when case when a.locked_until is null then a.failed_attempts else 0 end + 1 >= :attempts
                                    then cast(:until as timestamptz) end
                              from tried where a.id = tried.id
                            returning a.id, a.password_hash, a.created_at)
                        select id, password_hash from counted order by created_at, id""")
                .param("attempts", settings.attempts())
                .param("until", at(clock.instant().plus(settings.lockout())))
                .param("email", email)
                .param("most", MOST_HOUSES)
                .param("now", now())
                .query((row, n) -> new Attempt(row.getObject("id", UUID.class), row.getString("password_hash")))
                .list();
    }

    /** @param others that were tried as well: that try was none of theirs, and earlier ones stay counted */
    void attemptSucceeded(List<UUID> accounts, List<UUID> others, AuthSettings settings) {
        jdbc.sql("update tenancy.account set failed_attempts = 0, locked_until = null where id = any (?)")
                .param(accounts.toArray(UUID[]::new))
                .update();
        jdbc.sql("""
                        update tenancy.account set failed_attempts = greatest(failed_attempts - 1, 0),
                            locked_until = case when failed_attempts > ? then locked_until end
                        where id = any (?)""").params(settings.attempts(), others.toArray(UUID[]::new)).update();
    }

    /** Forgets accounts of the address that nobody is a member by, but for those that are on their way to be. */
    void forgetUnused(String email) {
        jdbc.sql("""
                        delete from tenancy.account a where a.email = ? and a.created_at < ?
                           and not exists (select from tenancy.member m where m.account_id = a.id)""").params(email, at(clock.instant().minus(ARRIVAL))).update();
    }

    Optional<String> email(UUID account) {
        return jdbc.sql("select email from tenancy.account where id = ?")
                .param(account)
                .query(String.class)
                .optional();
    }

    private OffsetDateTime now() {
        return at(clock.instant());
    }

    static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
