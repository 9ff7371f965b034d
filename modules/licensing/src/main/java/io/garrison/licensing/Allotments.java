package io.garrison.licensing;

import io.garrison.tenancy.ResellerId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of allotments. It is changed in the provider's scope, under the lock of the licence. */
@Repository
class Allotments {

    private final JdbcClient jdbc;

    Allotments(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(AllotmentSummary fresh) {
        jdbc.sql("""
                        insert into licensing.allotment (id, reseller_id, license_id, instances, throughput_bps,
                            virtual_services, features, instances_overcommit, throughput_bps_overcommit,
                            virtual_services_overcommit, created_at)
                        values (:id, :reseller, :license, :instances, :throughput, :services, :features,
                            :instancesFactor, :throughputFactor, :servicesFactor, :at)
                        """)
                .param("id", fresh.id().value())
                .param("reseller", fresh.reseller().value())
                .param("license", fresh.licenseId().value())
                .param("instances", fresh.entitlements().instances())
                .param("throughput", fresh.entitlements().throughputBps())
                .param("services", fresh.entitlements().virtualServices())
                .param("features", fresh.entitlements().features().toArray(String[]::new))
                .params(Rows.overcommit(fresh.overcommit()))
                .param("at", Rows.utc(fresh.createdAt()))
                .update();
    }

    /** Also one that was released. */
    Optional<AllotmentSummary> find(AllotmentId id) {
        return jdbc.sql("select * from licensing.allotment where id = ?")
                .param(id.value())
                .query(Allotments::summary)
                .optional();
    }

    /** What the reseller has of the licence. */
    Optional<AllotmentSummary> of(ResellerId reseller, LicenseId license) {
        return jdbc.sql("""
                        select * from licensing.allotment
                        where reseller_id = ? and license_id = ? and released_at is null
                        """)
                .params(reseller.value(), license.value())
                .query(Allotments::summary)
                .optional();
    }

    /** What the share of a sub-licence is cut from; also if it was released since. */
    Optional<AllotmentSummary> behind(SubLicenseId holder) {
        return jdbc.sql("""
                        select a.* from licensing.allotment a
                        join licensing.pool_share p on p.allotment_id = a.id where p.sub_license_id = ?
                        """).param(holder.value()).query(Allotments::summary).optional();
    }

    List<AllotmentSummary> page(ResellerId reseller, @Nullable AllotmentId after, int limit) {
        return jdbc.sql("""
                        select * from licensing.allotment
                        where reseller_id = :reseller and released_at is null and (:after::uuid is null or (created_at, id) <
                            (select created_at, id from licensing.allotment where id = :after::uuid))
                        order by created_at desc, id desc limit :limit
                        """)
                .param("reseller", reseller.value())
                .param("after", after == null ? null : after.value())
                .param("limit", limit)
                .query(Allotments::summary)
                .list();
    }

    List<AllotmentSummary> of(LicenseId license) {
        return jdbc.sql("""
                        select * from licensing.allotment where license_id = ? and released_at is null
                        order by created_at, id
                        """).param(license.value()).query(Allotments::summary).list();
    }

    long heldBy(ResellerId reseller) {
        return jdbc.sql("select count(*) from licensing.allotment where reseller_id = ? and released_at is null")
                .param(reseller.value())
                .query(Long.class)
                .single();
    }

    void update(AllotmentSummary became) {
        jdbc.sql("""
                        update licensing.allotment set instances = :instances, throughput_bps = :throughput,
                            virtual_services = :services, features = :features, instances_overcommit = :instancesFactor,
                            throughput_bps_overcommit = :throughputFactor, virtual_services_overcommit = :servicesFactor,
                            version = :version
                        where id = :id
                        """)
                .param("id", became.id().value())
                .param("instances", became.entitlements().instances())
                .param("throughput", became.entitlements().throughputBps())
                .param("services", became.entitlements().virtualServices())
                .param("features", became.entitlements().features().toArray(String[]::new))
                .params(Rows.overcommit(became.overcommit()))
                .param("version", became.version())
                .update();
    }

    void release(AllotmentId id, Instant at) {
        jdbc.sql("update licensing.allotment set released_at = ?, version = version + 1 where id = ?")
                .params(Rows.utc(at), id.value())
                .update();
    }

    private static AllotmentSummary summary(ResultSet row, int number) throws SQLException {
        return new AllotmentSummary(
                new AllotmentId(Rows.uuid(row, "id")),
                new ResellerId(Rows.uuid(row, "reseller_id")),
                new LicenseId(Rows.uuid(row, "license_id")),
                Rows.entitlements(row),
                Rows.overcommit(row),
                Rows.instant(row, "created_at"),
                row.getLong("version"),
                Rows.optionalInstant(row, "released_at"));
    }
}
