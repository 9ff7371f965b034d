package io.garrison.tenancy;

import io.garrison.tenancy.SignedIn.ActingAs;
import io.garrison.tenancy.SignedIn.Membership;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Makes a {@link SignedIn} of a credential, with the roles of this moment. Reads across houses, as the provider. */
@Component
class Identities {

    private final JdbcClient jdbc;
    private final Accounts accounts;

    Identities(JdbcClient jdbc, Accounts accounts) {
        this.jdbc = jdbc;
        this.accounts = accounts;
    }

    Optional<SignedIn> byToken(byte[] hash, Instant now) {
        return jdbc.sql("select account_id, act_as from tenancy.access_token where token_hash = ? and expires_at > ?")
                .params(hash, Accounts.at(now))
                .query((row, n) ->
                        new Token(row.getObject("account_id", UUID.class), row.getObject("act_as", UUID.class)))
                .optional()
                .flatMap(token -> byToken(token, now));
    }

    Optional<SignedIn> byAccount(UUID account) {
        return accounts.email(account).flatMap(email -> signedIn(account, email, null));
    }

    Optional<SignedIn> byApiKey(byte[] hash, Instant now) {
        return jdbc.sql("""
                        select k.tenant_id, k.id, k.name, k.role, t.state from tenancy.api_key k
                        left join tenancy.tenant t on t.tenant_id = k.tenant_id
                        where k.key_hash = ? and k.expires_at > ?""")
                .params(hash, Accounts.at(now))
                .query((row, n) -> {
                    var role = Role.valueOf(row.getString("role"));
                    var house = row.getObject("tenant_id", UUID.class);
                    Map<TenantId, Membership> memberships = role.isProvider()
                            ? Map.of()
                            : Map.of(new TenantId(house), membership(role, row.getString("state")));
                    return new SignedIn(
                            Actor.Kind.API_KEY,
                            row.getObject("id", UUID.class),
                            row.getString("name"),
                            role.isProvider() ? role : null,
                            memberships,
                            null);
                })
                .optional();
    }

    private record Token(UUID account, @Nullable UUID actAs) {}

    private Optional<SignedIn> byToken(Token token, Instant now) {
        var email = accounts.email(token.account());
        if (email.isEmpty()) {
            return Optional.empty();
        }
        var session = token.actAs();
        if (session == null) {
            return signedIn(token.account(), email.get(), null);
        }
        return jdbc.sql("""
                        select tenant_id, reason, ticket, ends_at from tenancy.act_as_session
                        where id = ? and ends_at > ?""")
                .params(session, Accounts.at(now))
                .query((row, n) -> new ActingAs(
                        session,
                        new TenantId(row.getObject("tenant_id", UUID.class)),
                        row.getString("reason"),
                        row.getString("ticket"),
                        row.getTimestamp("ends_at").toInstant()))
                .optional()
                .flatMap(actingAs -> signedIn(token.account(), email.get(), actingAs));
    }

    private Optional<SignedIn> signedIn(UUID account, String email, @Nullable ActingAs actingAs) {
        var memberships = new HashMap<TenantId, Membership>();
        var provider = new Role[1];
        jdbc.sql("""
                        select m.tenant_id, m.role, t.state from tenancy.member m
                        left join tenancy.tenant t on t.tenant_id = m.tenant_id
                        where m.account_id = ? and m.accepted_at is not null""").param(account).query(row -> {
            var role = Role.valueOf(row.getString("role"));
            if (role.isProvider()) {
                provider[0] = role;
            } else {
                memberships.put(
                        new TenantId(row.getObject("tenant_id", UUID.class)), membership(role, row.getString("state")));
            }
        });
        if (provider[0] == null && memberships.isEmpty()) {
            return Optional.empty();
        }
        // An act-as session ends with the right to begin one.
        if (actingAs != null
                && (provider[0] == null || !provider[0].permissions().contains(Permission.ACT_AS))) {
            return Optional.empty();
        }
        return Optional.of(new SignedIn(Actor.Kind.ACCOUNT, account, email, provider[0], memberships, actingAs));
    }

    private static Membership membership(Role role, String state) {
        return new Membership(role, !TenantState.ACTIVE.name().equals(state));
    }
}
