package io.garrison.tenancy;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

@Service
class ActAsService implements ActAs {
    private static final int MAX_MINUTES = 480;

    private final JdbcClient jdbc;
    private final House house;
    private final AuditTrail audit;
    private final Tokens tokens;

    ActAsService(JdbcClient jdbc, House house, AuditTrail audit, Tokens tokens) {
        this.jdbc = jdbc;
        this.house = house;
        this.audit = audit;
        this.tokens = tokens;
    }

    @Override
    @Requires(Permission.ACT_AS)
    public SignIn.IssuedToken begin(@Nullable String reason, @Nullable String ticket, @Nullable Integer minutes) {
        new Fields()
                .text("reason", reason, Fields.MAX_NAME)
                .text("ticket", ticket, Fields.MAX_NAME)
                .range("minutes", minutes, 1, MAX_MINUTES)
                .refuse();
        var who = SignedIn.find().orElseThrow(TenancyException.NotSignedIn::new);
        if (who.kind() != Actor.Kind.ACCOUNT || reason == null || ticket == null || minutes == null) {
            throw new TenancyException.Forbidden(Permission.ACT_AS); // a program has nobody who answers for it
        }
        var tenant = CurrentTenant.require();
        var session = UUID.randomUUID();
        var now = tokens.now();
        var until = now.plus(Duration.ofMinutes(minutes));
        return house.write(() -> {
            jdbc.sql("""
                            insert into tenancy.act_as_session
                                (tenant_id, id, account_id, reason, ticket, started_at, ends_at)
                            values (?, ?, ?, ?, ?, ?, ?)""")
                    .params(tenant.value(), session, who.id(), reason, ticket, Accounts.at(now), Accounts.at(until))
                    .update();
            audit.record(
                    "act-as.began",
                    "act-as-session",
                    session.toString(),
                    Map.of("reason", reason, "ticket", ticket, "until", until));
            return tokens.insert(who.id(), session, until);
        });
    }
}
