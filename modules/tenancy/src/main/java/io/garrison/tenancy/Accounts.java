package io.garrison.tenancy;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of people. Only the provider's role sees what proves who they are. */
@Component
class Accounts {

    private final JdbcClient jdbc;
    private final Clock clock;

    Accounts(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    record Attempt(UUID account, @Nullable String passwordHash) {}

    /** The account of an address; made without a password if there is none. */
    UUID findOrCreate(String email) {
        jdbc.sql("insert into tenancy.account (id, email, created_at) values (?, ?, ?) on conflict (email) do nothing")
                .params(UUID.randomUUID(), email, now())
                .update();
        return jdbc.sql("select id from tenancy.account where email = ?")
                .param(email)
                .query(UUID.class)
                .single();
    }

    /**
     * Counts a try before its password is checked, so that tries at once cannot outrun the count.
     *
     * @return none if there is no such account, or it is locked
     */
    Optional<Attempt> beginAttempt(String email, AuthSettings settings) {
        return jdbc.sql("""
                        update tenancy.account set
                            failed_attempts = case when locked_until is null then failed_attempts else 0 end + 1,
                            locked_until = case
                                when case when locked_until is null then failed_attempts else 0 end + 1 >= :attempts
                                then cast(:until as timestamptz) end
                        where email = :email and (locked_until is null or locked_until <= :now)
                        returning id, password_hash""")
                .param("attempts", settings.attempts())
                .param("until", at(clock.instant().plus(settings.lockout())))
                .param("email", email)
                .param("now", now())
                .query((row, n) -> new Attempt(row.getObject("id", UUID.class), row.getString("password_hash")))
                .optional();
    }

    void attemptSucceeded(UUID account) {
        jdbc.sql("update tenancy.account set failed_attempts = 0, locked_until = null where id = ?")
                .param(account)
                .update();
    }

    Optional<String> email(UUID account) {
        return jdbc.sql("select email from tenancy.account where id = ?")
                .param(account)
                .query(String.class)
                .optional();
    }

    boolean hasPassword(UUID account) {
        return jdbc.sql("select password_hash is not null from tenancy.account where id = ?")
                .param(account)
                .query(Boolean.class)
                .single();
    }

    /** @return false if somebody has set one in the meantime */
    boolean setFirstPassword(UUID account, String hash) {
        return jdbc.sql("update tenancy.account set password_hash = ? where id = ? and password_hash is null")
                        .params(hash, account)
                        .update()
                == 1;
    }

    private OffsetDateTime now() {
        return at(clock.instant());
    }

    static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
