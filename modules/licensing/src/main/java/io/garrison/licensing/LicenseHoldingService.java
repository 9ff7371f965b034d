package io.garrison.licensing;

import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.Requires;
import io.garrison.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class LicenseHoldingService implements LicenseHoldings {

    private static final int MAX_TENANTS = 50_000;
    private static final int MAX_PAGE = 500;

    /** {@link Ladder}, with a suspension, as SQL has it. */
    private static final String STATE = """
            case when s.revoked_at is not null then 'REVOKED'
                when :now >= s.valid_until + make_interval(hours => s.grace_days * 24) + interval '720 hours' then 'FROZEN'
                when :now >= s.valid_until + make_interval(hours => s.grace_days * 24)
                    then case when s.suspended_at is null then 'RESTRICTED' else 'FROZEN' end
                when s.suspended_at is not null then 'SUSPENDED'
                when :now >= s.valid_until then 'GRACE'
                when :now < s.valid_from then 'SCHEDULED'
                when :now >= s.valid_until - interval '720 hours' then 'EXPIRING'
                else 'ACTIVE' end\s""";

    private static final String WANTED = """
            s.allocated_from = :license
            and (:before::timestamptz is null or (s.revoked_at is null and s.valid_until < :before))
            and (:state::text is null or :state = (""" + STATE + "))\n";

    private static final String TENANTS = """
            select s.tenant_id, p.allotment_id, count(*) as many,
                least(sum(case when h.held then p.instances::numeric + p.over_instances
                        + case when p.lingering_until > :now then p.lingering else 0 end
                    when p.outliving_until > :now then p.outliving else 0 end),
                    9223372036854775807)::bigint as instances,
                least(coalesce(sum(p.throughput_bps) filter (where h.held), 0), 9223372036854775807)::bigint
                    as throughput_bps,
                least(coalesce(sum(p.virtual_services::numeric + p.over_virtual_services) filter (where h.held), 0),
                    9223372036854775807)::bigint as virtual_services,
                min(s.valid_until) filter (where s.revoked_at is null) as ends,
                sum(s.version)::bigint as version
            from licensing.sub_license s
            join licensing.pool_share p on p.sub_license_id = s.id,
            lateral (select p.released_at is null and p.held_until > :now as held) h
            where """ + " " + WANTED + "group by s.tenant_id, p.allotment_id limit :limit";

    private static final String PAGE = """
            select s.* from licensing.sub_license s join licensing.pool_share p on p.sub_license_id = s.id
            where s.tenant_id = :tenant and p.allotment_id is not distinct from :allotment::uuid and\s""";

    private final JdbcClient jdbc;
    private final SubLicenseChanges changes;
    private final Allotments allotments;
    private final TransactionTemplate transaction;

    LicenseHoldingService(
            JdbcClient jdbc,
            SubLicenseChanges changes,
            Allotments allotments,
            PlatformTransactionManager transactions) {
        this.allotments = allotments;
        this.jdbc = jdbc;
        this.changes = changes;
        this.transaction = new TransactionTemplate(transactions);
        this.transaction.setReadOnly(true);
    }

    @Override
    @Requires(Permission.LICENSE_VIEW)
    public List<AllotmentSummary> allotments(LicenseId license) {
        return across(() -> allotments.of(license));
    }

    @Override
    @Requires(Permission.LICENSE_VIEW)
    public List<TenantHolding> tenants(LicenseId license, Filter filter) {
        var now = now();
        return across(() -> jdbc.sql(TENANTS)
                .params(wanted(license, filter, now))
                .param("limit", MAX_TENANTS)
                .query(LicenseHoldingService::tenant)
                .list());
    }

    @Override
    @Requires(Permission.LICENSE_VIEW)
    public List<SubLicenseSummary> subLicenses(Branch branch, Filter filter, Order order, int offset, int limit) {
        var now = now();
        var direction = order.descending() ? "desc" : "asc";
        return across(() -> jdbc
                .sql(PAGE
                        + WANTED
                        + "order by %s %s, s.id %s offset :offset limit :limit"
                                .formatted(column(order.by()), direction, direction))
                .params(wanted(branch.license(), filter, now))
                .param("tenant", branch.tenant().value())
                .param(
                        "allotment",
                        branch.allotment() == null ? null : branch.allotment().value())
                .param("offset", offset)
                .param("limit", Math.min(limit, MAX_PAGE))
                .query(SubLicenseRecords::stored)
                .list()
                .stream()
                .map(stored -> stored.at(now))
                .toList());
    }

    private Instant now() {
        return Objects.requireNonNull(transaction.execute(status -> changes.now()));
    }

    private <R> R across(Supplier<R> read) {
        return Objects.requireNonNull(ProviderScope.call(() -> transaction.execute(status -> read.get())));
    }

    private static Map<String, @Nullable Object> wanted(LicenseId license, Filter filter, Instant now) {
        var params = new HashMap<String, @Nullable Object>();
        params.put("license", license.value());
        params.put("now", Rows.utc(now));
        params.put("before", filter.endsBefore() == null ? null : Rows.utc(filter.endsBefore()));
        params.put("state", filter.state() == null ? null : filter.state().name());
        return params;
    }

    private static String column(By by) {
        return switch (by) {
            case CREATED -> "s.created_at";
            case END -> "s.valid_until";
            case INSTANCES -> "s.instances";
            case THROUGHPUT -> "s.throughput_bps";
            case VIRTUAL_SERVICES -> "s.virtual_services";
        };
    }

    private static TenantHolding tenant(ResultSet row, int number) throws SQLException {
        var allotment = row.getObject("allotment_id", UUID.class);
        return new TenantHolding(
                new TenantId(Rows.uuid(row, "tenant_id")),
                allotment == null ? null : new AllotmentId(allotment),
                row.getLong("many"),
                new Entitlements(
                        row.getLong("instances"),
                        row.getLong("throughput_bps"),
                        row.getLong("virtual_services"),
                        Set.of()),
                Rows.optionalInstant(row, "ends"),
                row.getLong("version"));
    }
}
