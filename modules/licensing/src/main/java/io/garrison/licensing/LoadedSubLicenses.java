package io.garrison.licensing;

import io.garrison.licensing.SubLicenseRecords.Stored;
import io.garrison.licensing.file.SubLicense;
import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The sub-licences of all tenants, as loading needs them. Only in the provider's scope does it see any. */
@Repository
class LoadedSubLicenses {

    private final JdbcClient jdbc;

    LoadedSubLicenses(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param isLoaded whether it came as a file; else it was allocated here */
    record Known(TenantId tenant, Stored stored, String jws, boolean isLoaded) {

        long serial() {
            return stored.serial();
        }
    }

    /** Makes whoever loads at the same time wait until the transaction ends. */
    void oneAfterTheOther() {
        jdbc.sql("select pg_advisory_xact_lock(hashtext('licensing.sub-license-loading'))")
                .query(rows -> {});
    }

    Optional<SubLicenseId> any() {
        return jdbc.sql("select id from licensing.sub_license limit 1")
                .query(UUID.class)
                .optional()
                .map(SubLicenseId::new);
    }

    /** Finds it and locks it until the transaction ends. */
    Optional<Known> find(SubLicenseId id) {
        return jdbc.sql("select * from licensing.sub_license where id = ? for no key update")
                .param(id.value())
                .query((row, number) -> new Known(
                        new TenantId(Rows.uuid(row, "tenant_id")),
                        SubLicenseRecords.stored(row, number),
                        row.getString("jws"),
                        row.getObject("loaded_at") != null))
                .optional();
    }

    void insert(SubLicense file, String jws, Instant at) {
        write("""
                insert into licensing.sub_license (tenant_id, id, license_id, mode, valid_from, valid_until,
                    grace_days, instances, throughput_bps, virtual_services, features, jws, serial, created_at, loaded_at,
                    suspended_at, instances_overage, instances_ceiling, throughput_bps_overage, throughput_bps_ceiling,
                    virtual_services_overage, virtual_services_ceiling)
                values (:tenant, :id, :license, :mode, :from, :until,
                    :grace, :instances, :throughput, :services, :features, :jws, :serial, :at, :at,
                    case when :suspended then :at::timestamptz end, :instancesOverage, :instancesCeiling, :throughputOverage, :throughputCeiling,
                    :servicesOverage, :servicesCeiling)
                """, file, jws, at);
    }

    /** Takes everything over that the file says; the tenant stays. */
    void replace(SubLicense file, String jws, Instant at) {
        write("""
                update licensing.sub_license set license_id = :license, mode = :mode, valid_from = :from,
                    valid_until = :until, grace_days = :grace, instances = :instances, throughput_bps = :throughput,
                    virtual_services = :services, features = :features, jws = :jws, serial = :serial, loaded_at = :at,
                    suspended_at = case when :suspended then coalesce(suspended_at, :at) end,
                    instances_overage = :instancesOverage, instances_ceiling = :instancesCeiling,
                    throughput_bps_overage = :throughputOverage, throughput_bps_ceiling = :throughputCeiling,
                    virtual_services_overage = :servicesOverage, virtual_services_ceiling = :servicesCeiling,
                    version = version + 1
                where tenant_id = :tenant and id = :id
                """, file, jws, at);
    }

    private void write(String statement, SubLicense file, String jws, Instant at) {
        var granted = file.entitlements();
        jdbc.sql(statement)
                .param("tenant", file.tenant())
                .param("id", file.id())
                .param("license", file.parent())
                .param("mode", file.mode())
                .param("from", Rows.utc(file.from()))
                .param("until", Rows.utc(file.until()))
                .param("grace", file.graceDays())
                .param("instances", granted.instances())
                .param("throughput", granted.throughputBps())
                .param("services", granted.virtualServices())
                .param("features", granted.features().toArray(String[]::new))
                .param("jws", jws)
                .param("serial", file.serial())
                .param("at", Rows.utc(at))
                .param("suspended", file.suspended())
                .params(SubLicenseRecords.overages(file.overages()))
                .update();
    }
}
