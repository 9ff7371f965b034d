package io.garrison.reporting.federation;

import io.garrison.instances.SiteIdentity;
import io.garrison.reporting.ReportingException.UsageRefused;
import io.garrison.tenancy.TenantDirectory;
import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Which batches of sites have come, and whose their instances are. In the provider's scope and the caller's transaction. */
@Component
class SiteBatches {

    private static final int MISSING_NAMED = 100;

    /** No statement of an intake is worth that others wait for it longer. */
    private static final String PATIENCE = "15s";

    private final JdbcClient jdbc;
    private final TenantDirectory tenants;

    SiteBatches(JdbcClient jdbc, TenantDirectory tenants) {
        this.jdbc = jdbc;
        this.tenants = tenants;
    }

    record Known(String sha256, @Nullable String previous) {}

    /**
     * Makes whoever takes a batch of this tenant's sites at the same time wait until the transaction ends, if it is soon. The
     * tenant's deletion waits too, so its erasure finds what is written.
     *
     * @throws UsageRefused if it is being deleted
     */
    void oneAfterTheOther(TenantId tenant) {
        jdbc.sql("set local statement_timeout = '" + PATIENCE + "'").update();
        jdbc.sql("select pg_advisory_xact_lock(hashtext('reporting.site_batch'), hashtext(?))")
                .param(tenant.toString())
                .query(row -> {});
        if (tenants.keep(Set.of(tenant)).isEmpty()) {
            throw UsageRefused.tenantGone();
        }
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

    /** 0 if none has come. */
    long highest(SiteIdentity site) {
        return jdbc.sql("""
                        select coalesce(max(number), 0) from reporting.site_batch where tenant_id = ? and site_id = ?""")
                .params(site.tenantId().value(), site.siteId())
                .query(Long.class)
                .single();
    }

    /**
     * The last numbers below the highest that have not come, in ascending order: after a restore here they are the news,
     * while gaps from before stay. However wide a gap is, no more of it is counted out than can be named.
     */
    List<Long> missing(SiteIdentity site) {
        return jdbc.sql("""
                        with gap as (
                            select low, high from (
                                select coalesce(lag(number) over (order by number), 0) + 1 as low, number - 1 as high
                                  from reporting.site_batch where tenant_id = :tenant and site_id = :site) g
                             where low <= high order by high desc limit :named)
                        select number from (
                            select generate_series(greatest(low, high - :named + 1), high) as number from gap
                             order by 1 desc limit :named) last
                         order by number""")
                .param("tenant", site.tenantId().value())
                .param("site", site.siteId())
                .param("named", MISSING_NAMED)
                .query((row, n) -> row.getLong(1))
                .list();
    }

    /** Where an instance was first seen. */
    record Origin(UUID site, UUID stack) {}

    Map<UUID, Origin> origins(TenantId tenant, Collection<UUID> instances) {
        var origins = new HashMap<UUID, Origin>();
        jdbc.sql("""
                        select instance_id, site_id, stack_id from reporting.site_instance
                         where tenant_id = :tenant and instance_id = any (:instances)""")
                .param("tenant", tenant.value())
                .param("instances", instances.toArray(UUID[]::new))
                .query(row -> {
                    origins.put(
                            row.getObject(1, UUID.class),
                            new Origin(row.getObject(2, UUID.class), row.getObject(3, UUID.class)));
                });
        return origins;
    }

    /** @param stacks of the instances */
    void bind(SiteIdentity site, Map<UUID, UUID> stacks) {
        jdbc.sql("""
                        insert into reporting.site_instance (tenant_id, instance_id, stack_id, site_id)
                        select :tenant, n.instance, n.stack, :site
                          from unnest(cast(:instances as uuid[]), cast(:stacks as uuid[])) as n (instance, stack)
                        on conflict (tenant_id, instance_id) do update set site_id = excluded.site_id""")
                .param("tenant", site.tenantId().value())
                .param("site", site.siteId())
                .param("instances", stacks.keySet().toArray(UUID[]::new))
                .param("stacks", stacks.values().toArray(UUID[]::new))
                .update();
    }
}
