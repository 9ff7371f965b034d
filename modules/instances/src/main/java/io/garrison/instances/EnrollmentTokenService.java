package io.garrison.instances;

import io.garrison.licensing.SubLicenses;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Refusal.FieldError;
import io.garrison.tenancy.Requires;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
class EnrollmentTokenService implements EnrollmentTokens {

    private static final Duration KEPT = Duration.ofDays(30);

    private final JdbcClient jdbc;
    private final Stacks stacks;
    private final SubLicenses subLicenses;
    private final AuditTrail audit;
    private final TokenSettings settings;

    EnrollmentTokenService(
            JdbcClient jdbc, Stacks stacks, SubLicenses subLicenses, AuditTrail audit, TokenSettings settings) {
        this.jdbc = jdbc;
        this.stacks = stacks;
        this.subLicenses = subLicenses;
        this.audit = audit;
        this.settings = settings;
    }

    /** What a token tells the field engineer, and the time. */
    @org.springframework.stereotype.Component
    record TokenSettings(GatewayAddress gateway, InstallationKeys keys, Clock clock) {}

    @Override
    @Requires(Permission.STACK_MANAGE)
    public NewToken create(StackId stack, int ttlMinutes, int uses) {
        requireRanges(ttlMinutes, uses);
        var row = stacks.require(stack);
        subLicenses.requireInForce(row.subLicense());
        var now = settings.clock().instant();
        forget(stack, now);
        var secret = EnrollmentSecret.draw(CurrentTenant.require());
        var expiresAt = now.plus(Duration.ofMinutes(ttlMinutes));
        jdbc.sql("""
                        insert into instances.enrollment_token
                            (tenant_id, id, stack_id, secret_hash, uses, created_at, expires_at)
                        values (?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        CurrentTenant.require().value(),
                        secret.id(),
                        stack.value(),
                        secret.hash(),
                        uses,
                        Sql.time(now),
                        Sql.time(expiresAt))
                .update();
        audit.record(
                "enrollment-token.created",
                "enrollment-token",
                secret.id().toString(),
                Map.of("stackId", stack.toString(), "uses", uses, "expiresAt", expiresAt.toString()));
        var sha256 = settings.keys().authoritySha256();
        var command = "./garrison edge join --url %s --token %s --ca-sha256 %s --state DIR"
                .formatted(settings.gateway().url(), secret.text(), sha256);
        return new NewToken(secret.id(), secret.text(), sha256, expiresAt, command);
    }

    private static void requireRanges(int ttlMinutes, int uses) {
        var errors = new ArrayList<FieldError>();
        if (ttlMinutes < 1 || ttlMinutes > MAX_TTL_MINUTES) {
            errors.add(
                    new FieldError("/ttlMinutes", "range", "must be 1 to %d".formatted(MAX_TTL_MINUTES), ttlMinutes));
        }
        if (uses < 1 || uses > MAX_USES) {
            errors.add(new FieldError("/uses", "range", "must be 1 to %d".formatted(MAX_USES), uses));
        }
        if (!errors.isEmpty()) {
            throw new InstanceException.Invalid("enrollment-token.invalid", errors);
        }
    }

    private void forget(StackId stack, Instant now) {
        jdbc.sql("delete from instances.enrollment_token where stack_id = ? and expires_at < ?")
                .params(stack.value(), Sql.time(now.minus(KEPT)))
                .update();
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public List<TokenSummary> list(StackId stack) {
        stacks.require(stack);
        return jdbc.sql("""
                        select id, created_at, expires_at, uses, used, revoked_at from instances.enrollment_token
                         where stack_id = ? order by created_at desc, id limit 500""").param(stack.value()).query(this::summary).list();
    }

    private TokenSummary summary(ResultSet row, int number) throws SQLException {
        var expiresAt = Sql.requiredInstant(row, "expires_at");
        TokenSummary.State state;
        if (row.getObject("revoked_at") != null) {
            state = TokenSummary.State.REVOKED;
        } else if (row.getInt("used") >= row.getInt("uses")) {
            state = TokenSummary.State.SPENT;
        } else if (!expiresAt.isAfter(settings.clock().instant())) {
            state = TokenSummary.State.EXPIRED;
        } else {
            state = TokenSummary.State.USABLE;
        }
        return new TokenSummary(
                Sql.uuid(row, "id"),
                Sql.requiredInstant(row, "created_at"),
                expiresAt,
                row.getInt("uses"),
                row.getInt("used"),
                state);
    }

    @Override
    @Requires(Permission.STACK_MANAGE)
    public void revoke(StackId stack, UUID token) {
        int revoked = jdbc.sql("""
                        update instances.enrollment_token set revoked_at = coalesce(revoked_at, ?)
                         where stack_id = ? and id = ?""")
                .params(Sql.time(settings.clock().instant()), stack.value(), token)
                .update();
        if (revoked == 0) {
            throw new InstanceException.NotFound();
        }
        audit.record(
                "enrollment-token.revoked", "enrollment-token", token.toString(), Map.of("stackId", stack.toString()));
    }
}
