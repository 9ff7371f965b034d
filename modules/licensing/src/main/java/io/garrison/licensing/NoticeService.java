package io.garrison.licensing;

import io.garrison.licensing.LicenseException.UnknownNotice;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.Requires;
import io.garrison.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class NoticeService implements LicenseNotices {

    private static final String EVERY = """
            select * from (
                select tenant_id, id, sub_license_id, serial, kind, instance_id, at, message,
                    provider_acknowledged_at as acknowledged_at, provider_acknowledged_by as acknowledged_by
                from licensing.notice
                union all
                select null, id, null, null, kind, null, at, message, provider_acknowledged_at, provider_acknowledged_by
                from licensing.installation_notice) every
            """;

    private final JdbcClient jdbc;
    private final AuditTrail audit;
    private final LicenseTime time;
    private final TransactionTemplate transaction;

    NoticeService(JdbcClient jdbc, AuditTrail audit, LicenseTime time, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.audit = audit;
        this.time = time;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    @Transactional(readOnly = true)
    @Requires(Permission.LICENSE_VIEW)
    public List<LicenseNotice> ofTenant(@Nullable UUID after, int limit) {
        return page("select * from licensing.notice", after, limit);
    }

    @Override
    @Transactional
    @Requires(Permission.STACK_MANAGE)
    public LicenseNotice acknowledge(UUID id) {
        int changed = jdbc.sql("""
                        update licensing.notice set acknowledged_at = ?, acknowledged_by = ?
                         where id = ? and acknowledged_at is null""")
                .params(Rows.utc(time.now()), Actor.current().name(), id)
                .update();
        var found = find("select * from licensing.notice", id);
        if (changed > 0) {
            record(found);
        }
        return found;
    }

    @Override
    @Requires(Permission.LICENSE_VIEW)
    public List<LicenseNotice> all(@Nullable UUID after, int limit) {
        return across(() -> page(EVERY, after, limit));
    }

    @Override
    @Requires(Permission.LICENSE_MANAGE)
    public LicenseNotice acknowledgeForProvider(UUID id) {
        return across(() -> {
            int changed = 0;
            for (var table : List.of("notice", "installation_notice")) {
                changed += jdbc.sql("""
                                update licensing.%s set provider_acknowledged_at = ?, provider_acknowledged_by = ?
                                 where id = ? and provider_acknowledged_at is null""".formatted(table))
                        .params(Rows.utc(time.now()), Actor.current().name(), id)
                        .update();
            }
            var found = find(EVERY, id);
            if (changed > 0) {
                record(found);
            }
            return found;
        });
    }

    private void record(LicenseNotice notice) {
        audit.record(
                "license-notice.acknowledged",
                "license-notice",
                notice.id().toString(),
                Map.of("kind", notice.kind().name()));
    }

    private <T> T across(Supplier<T> work) {
        return Objects.requireNonNull(ProviderScope.call(() -> transaction.execute(status -> work.get())));
    }

    private List<LicenseNotice> page(String from, @Nullable UUID after, int limit) {
        return jdbc.sql("""
                        with found as (%s)
                        select * from found
                         where :after::uuid is null or (at, id) < (select at, id from found where id = :after::uuid)
                         order by at desc, id desc limit :limit""".formatted(from))
                .param("after", after)
                .param("limit", limit)
                .query(NoticeService::notice)
                .list();
    }

    private LicenseNotice find(String from, UUID id) {
        return jdbc.sql("with found as (%s) select * from found where id = ?".formatted(from))
                .param(id)
                .query(NoticeService::notice)
                .optional()
                .orElseThrow(UnknownNotice::new);
    }

    private static LicenseNotice notice(ResultSet row, int number) throws SQLException {
        var tenant = row.getObject("tenant_id", UUID.class);
        var subLicense = row.getObject("sub_license_id", UUID.class);
        return new LicenseNotice(
                Rows.uuid(row, "id"),
                tenant == null ? null : new TenantId(tenant),
                subLicense == null ? null : new SubLicenseId(subLicense),
                subLicense == null ? null : row.getLong("serial"),
                LicenseNotice.Kind.valueOf(row.getString("kind")),
                row.getObject("instance_id", UUID.class),
                Rows.instant(row, "at"),
                row.getString("message"),
                Rows.optionalInstant(row, "acknowledged_at"),
                row.getString("acknowledged_by"));
    }
}
