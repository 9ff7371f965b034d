package io.garrison.reporting.federation;

import io.garrison.instances.SiteIdentity;
import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Which batches of sites have come, and whose their instances are. In the provider's scope and the caller's transaction. */
@Component
class SiteBatches {

    private static final int MISSING_NAMED = 100;

    private final JdbcClient jdbc;

    SiteBatches(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Known(String sha256, @Nullable String previous) {}

    /** Makes whoever takes a batch of this tenant's sites at the same time wait until the transaction ends. */
    void oneAfterTheOther(TenantId tenant) {
        jdbc.sql("select pg_advisory_xact_lock(hashtext('reporting.site_batch'), hashtext(?))")
                .param(tenant.toString())
                .query(row -> {});
    }

    Optional<Known> find(SiteIdentity site, long number) {
        return jdbc.sql("""
                        select sha256, previous from reporting.site_batch
                         where tenant_id = ? and site_id = ? and number = ?""")
                .params(site.tenantId().value(), site.siteId(), number)
                .query((row, n) -> new Known(row.getString(1), row.getString(2)))
                .optional();
    }

    void add(SiteIdentity site, long number, Known batch, int newRows, Instant now) {
        jdbc.sql("""
                        insert into reporting.site_batch (tenant_id, site_id, number, sha256, previous, new_rows, received_at)
                        values (:tenant, :site, :number, :sha256, :previous, :rows, :now)""")
                .param("tenant", site.tenantId().value())
                .param("site", site.siteId())
                .param("number", number)
                .param("sha256", batch.sha256())
                .param("previous", batch.previous())
                .param("rows", newRows)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Numbers below the highest that have not come; the lowest first. */
    List<Long> missing(SiteIdentity site) {
        return jdbc.sql("""
                        select gap.number from (
                            select generate_series(coalesce(lag(number) over (order by number), 0) + 1, number - 1) as number
                              from reporting.site_batch where tenant_id = ? and site_id = ?) gap
                         order by 1 limit ?""")
                .params(site.tenantId().value(), site.siteId(), MISSING_NAMED)
                .query((row, n) -> row.getLong(1))
                .list();
    }

    /** Where an instance was first seen. */
    record Origin(UUID site, UUID stack) {}

    Optional<Origin> origin(TenantId tenant, UUID instance) {
        return jdbc.sql("""
                        select site_id, stack_id from reporting.site_instance where tenant_id = ? and instance_id = ?""")
                .params(tenant.value(), instance)
                .query((row, n) -> new Origin(row.getObject(1, UUID.class), row.getObject(2, UUID.class)))
                .optional();
    }

    void bind(TenantId tenant, UUID instance, Origin origin) {
        jdbc.sql("""
                        insert into reporting.site_instance (tenant_id, instance_id, stack_id, site_id) values (?, ?, ?, ?)
                        on conflict (tenant_id, instance_id) do update set site_id = excluded.site_id""")
                .params(tenant.value(), instance, origin.stack(), origin.site())
                .update();
    }
}
