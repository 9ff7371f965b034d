package io.garrison.tenancy;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Bearer tokens, kept by their hash. */
@Component
class Tokens {
    private static final String PREFIX = "grt_";

    private final JdbcClient jdbc;
    private final Expiry expiry;
    private final AuthSettings settings;

    Tokens(JdbcClient jdbc, Expiry expiry, AuthSettings settings) {
        this.jdbc = jdbc;
        this.expiry = expiry;
        this.settings = settings;
    }

    AuthSettings settings() {
        return settings;
    }

    Instant now() {
        return expiry.now();
    }

    /** Also clears what has expired, so that the table does not grow. */
    SignIn.IssuedToken issue(UUID account) {
        jdbc.sql("delete from tenancy.access_token where expires_at < ?")
                .param(Accounts.at(now()))
                .update();
        return insert(account, null, expiry.ofToken());
    }

    SignIn.IssuedToken insert(UUID account, @Nullable UUID actAs, Instant expiresAt) {
        var token = Secrets.random(PREFIX);
        jdbc.sql("insert into tenancy.access_token (token_hash, account_id, act_as, expires_at) values (?, ?, ?, ?)")
                .param(Secrets.hash(token))
                .param(account)
                .param(actAs)
                .param(Accounts.at(expiresAt))
                .update();
        return new SignIn.IssuedToken(token, expiresAt);
    }

    void revoke(byte[] hash) {
        jdbc.sql("delete from tenancy.access_token where token_hash = ?")
                .param(hash)
                .update();
    }
}
