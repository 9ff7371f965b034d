package io.garrison.licensing;

import io.garrison.licensing.LicenseException.IssuedElsewhere;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The bound tenant's sub-licences. No query names the tenant: row-level security shows its rows and no others. */
@Repository
class SubLicenseRecords {

    private static final Map<Metric, String> NAMES = Map.of(
            Metric.INSTANCES, "instances",
            Metric.THROUGHPUT_BPS, "throughput",
            Metric.VIRTUAL_SERVICES, "services");

    private final JdbcClient jdbc;

    SubLicenseRecords(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** As it is stored; {@link #at} says what that means at a point in time. */
    record Stored(
            SubLicenseId id,
            LicenseId licenseId,
            String mode,
            Instant from,
            Instant until,
            int graceDays,
            Entitlements entitlements,
            Instant createdAt,
            @Nullable Instant revokedAt,
            long version,
            long serial,
            @Nullable Instant suspendedAt,
            Overages overages) {

        /** The most that may be used. */
        long most(Metric metric) {
            return overages.of(metric).most(entitlements.limit(metric));
        }

        /** How much of this goes beyond the limit by the overage rule. What goes beyond the rule as well is no overage. */
        long over(Metric metric, long used) {
            return Math.max(0, Math.min(used, most(metric)) - entitlements.limit(metric));
        }

        SubLicenseState stateAt(Instant now) {
            var state = Ladder.at(now, from, until, graceDays, revokedAt);
            return suspendedAt == null ? state : Ladder.suspended(state);
        }

        Stored resized(Entitlements granted) {
            return resized(granted, overages);
        }

        Stored resized(Entitlements granted, Overages overages) {
            return next(until, graceDays, granted, revokedAt, suspendedAt, overages);
        }

        Stored renewed(Instant until, int graceDays) {
            return next(until, graceDays, entitlements, revokedAt, suspendedAt, overages);
        }

        Stored suspended(@Nullable Instant at) {
            return next(until, graceDays, entitlements, revokedAt, at, overages);
        }

        Stored revoked(Instant at) {
            return next(until, graceDays, entitlements, at, suspendedAt, overages);
        }

        private Stored next(
                Instant until,
                int graceDays,
                Entitlements granted,
                @Nullable Instant revokedAt,
                @Nullable Instant suspendedAt,
                Overages overages) {
            return new Stored(
                    id,
                    licenseId,
                    mode,
                    from,
                    until,
                    graceDays,
                    granted,
                    createdAt,
                    revokedAt,
                    version + 1,
                    serial + 1,
                    suspendedAt,
                    overages);
        }

        SubLicenseSummary at(Instant now) {
            return new SubLicenseSummary(
                    id,
                    licenseId,
                    mode,
                    from,
                    until,
                    graceDays,
                    entitlements,
                    stateAt(now),
                    createdAt,
                    revokedAt,
                    version,
                    serial,
                    suspendedAt,
                    overages);
        }
    }

    void insert(Stored fresh, String jws) {
        jdbc.sql("""
                        insert into licensing.sub_license (tenant_id, id, license_id, mode, valid_from, valid_until,
                            grace_days, instances, throughput_bps, virtual_services, features, jws, created_at, serial,
                            instances_overage, instances_ceiling, throughput_bps_overage, throughput_bps_ceiling,
                            virtual_services_overage, virtual_services_ceiling)
                        values (:tenant, :id, :license, :mode, :from, :until,
                            :grace, :instances, :throughput, :services, :features, :jws, :at, :serial,
                            :instancesOverage, :instancesCeiling, :throughputOverage, :throughputCeiling,
                            :servicesOverage, :servicesCeiling)
                        """)
                .param("tenant", CurrentTenant.require().value())
                .param("id", fresh.id().value())
                .param("license", fresh.licenseId().value())
                .param("mode", fresh.mode())
                .param("from", Rows.utc(fresh.from()))
                .param("until", Rows.utc(fresh.until()))
                .param("grace", fresh.graceDays())
                .param("instances", fresh.entitlements().instances())
                .param("throughput", fresh.entitlements().throughputBps())
                .param("services", fresh.entitlements().virtualServices())
                .param("features", fresh.entitlements().features().toArray(String[]::new))
                .param("jws", jws)
                .param("at", Rows.utc(fresh.createdAt()))
                .params(overages(fresh.overages()))
                .param("serial", fresh.serial())
                .update();
    }

    Optional<Stored> find(SubLicenseId id) {
        return jdbc.sql("select * from licensing.sub_license where id = ?")
                .param(id.value())
                .query(SubLicenseRecords::stored)
                .optional();
    }

    /** Finds it and locks it until the transaction ends. */
    Optional<Stored> lock(SubLicenseId id) {
        return jdbc.sql("select * from licensing.sub_license where id = ? for no key update")
                .param(id.value())
                .query(SubLicenseRecords::stored)
                .optional();
    }

    List<Stored> page(@Nullable SubLicenseId after, int limit) {
        return jdbc.sql("""
                        select * from licensing.sub_license
                        where :after::uuid is null
                            or (created_at, id) < (select created_at, id from licensing.sub_license where id = :after::uuid)
                        order by created_at desc, id desc limit :limit
                        """)
                .param("after", after == null ? null : after.value())
                .param("limit", limit)
                .query(SubLicenseRecords::stored)
                .list();
    }

    Optional<String> file(SubLicenseId id) {
        return jdbc.sql("select jws from licensing.sub_license where id = ?")
                .param(id.value())
                .query(String.class)
                .optional();
    }

    /** @throws IssuedElsewhere if it came as a file, so that only its issuer can change it */
    void requireIssuedHere(SubLicenseId id) {
        if (isLoaded(id)) {
            throw new IssuedElsewhere();
        }
    }

    /** Whether it came as a file; its licence and the licence's pool are elsewhere then. */
    boolean isLoaded(SubLicenseId id) {
        return jdbc.sql("select loaded_at is not null from licensing.sub_license where id = ?")
                .param(id.value())
                .query(Boolean.class)
                .single();
    }

    /** In the provider's scope: if it is that tenant's. */
    Optional<Stored> findOf(TenantId tenant, SubLicenseId id) {
        return jdbc.sql("select * from licensing.sub_license where tenant_id = ? and id = ?")
                .params(tenant.value(), id.value())
                .query(SubLicenseRecords::stored)
                .optional();
    }

    /** Puts it in place of what is there. The caller has locked it. */
    void update(Stored became, String jws) {
        jdbc.sql("""
                        update licensing.sub_license set valid_until = :until, grace_days = :grace, instances = :instances,
                            throughput_bps = :throughput, virtual_services = :services, features = :features, jws = :jws,
                            revoked_at = :revokedAt, suspended_at = :suspendedAt, serial = :serial, version = :version,
                            instances_overage = :instancesOverage, instances_ceiling = :instancesCeiling,
                            throughput_bps_overage = :throughputOverage, throughput_bps_ceiling = :throughputCeiling,
                            virtual_services_overage = :servicesOverage, virtual_services_ceiling = :servicesCeiling
                        where id = :id
                        """)
                .param("id", became.id().value())
                .param("until", Rows.utc(became.until()))
                .param("grace", became.graceDays())
                .param("instances", became.entitlements().instances())
                .param("throughput", became.entitlements().throughputBps())
                .param("services", became.entitlements().virtualServices())
                .param("features", became.entitlements().features().toArray(String[]::new))
                .param("jws", jws)
                .param("revokedAt", optional(became.revokedAt()))
                .param("suspendedAt", optional(became.suspendedAt()))
                .param("serial", became.serial())
                .param("version", became.version())
                .params(overages(became.overages()))
                .update();
    }

    static Map<String, @Nullable Object> overages(Overages overages) {
        var params = new HashMap<String, @Nullable Object>();
        NAMES.forEach((metric, name) -> {
            params.put(name + "Overage", overages.of(metric).policy().name());
            params.put(name + "Ceiling", overages.of(metric).ceiling());
        });
        return params;
    }

    private static @Nullable OffsetDateTime optional(@Nullable Instant at) {
        return at == null ? null : Rows.utc(at);
    }

    static Stored stored(ResultSet row, int number) throws SQLException {
        return new Stored(
                new SubLicenseId(Rows.uuid(row, "id")),
                new LicenseId(Rows.uuid(row, "license_id")),
                row.getString("mode"),
                Rows.instant(row, "valid_from"),
                Rows.instant(row, "valid_until"),
                row.getInt("grace_days"),
                Rows.entitlements(row),
                Rows.instant(row, "created_at"),
                Rows.optionalInstant(row, "revoked_at"),
                row.getLong("version"),
                row.getLong("serial"),
                Rows.optionalInstant(row, "suspended_at"),
                Rows.overages(row));
    }
}
