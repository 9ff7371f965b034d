package io.garrison.licensing;

import io.garrison.licensing.LicenseException.IssuedElsewhere;
import io.garrison.tenancy.CurrentTenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The bound tenant's sub-licences. No query names the tenant: row-level security shows its rows and no others. */
@Repository
class SubLicenseRecords {

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
            long serial) {

        SubLicenseState stateAt(Instant now) {
            return Ladder.at(now, from, until, graceDays, revokedAt);
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
                    serial);
        }
    }

    void insert(Stored fresh, String jws) {
        jdbc.sql("""
                        insert into licensing.sub_license (tenant_id, id, license_id, mode, valid_from, valid_until,
                            grace_days, instances, throughput_bps, virtual_services, features, jws, created_at, serial)
                        values (:tenant, :id, :license, :mode, :from, :until,
                            :grace, :instances, :throughput, :services, :features, :jws, :at, :serial)
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
        boolean loaded = jdbc.sql("select loaded_at is not null from licensing.sub_license where id = ?")
                .param(id.value())
                .query(Boolean.class)
                .single();
        if (loaded) {
            throw new IssuedElsewhere();
        }
    }

    void revoke(SubLicenseId id, Instant at) {
        jdbc.sql("update licensing.sub_license set revoked_at = ?, version = version + 1 where id = ?")
                .params(Rows.utc(at), id.value())
                .update();
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
                row.getLong("serial"));
    }
}
