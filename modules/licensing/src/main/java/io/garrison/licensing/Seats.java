package io.garrison.licensing;

import io.garrison.tenancy.CurrentTenant;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The leases of the bound tenant's instances. */
@Repository
class Seats {

    private final JdbcClient jdbc;

    Seats(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Under which sub-licence the instance holds a lease that has not run out. */
    Optional<SubLicenseId> heldBy(UUID instance, Instant now) {
        return jdbc.sql("select sub_license_id from licensing.seat_lease where instance_id = ? and expires_at > ?")
                .params(instance, Rows.utc(now))
                .query(UUID.class)
                .optional()
                .map(SubLicenseId::new);
    }

    long taken(SubLicenseId subLicense, Instant now) {
        return jdbc.sql("select count(*) from licensing.seat_lease where sub_license_id = ? and expires_at > ?")
                .params(subLicense.value(), Rows.utc(now))
                .query(Long.class)
                .single();
    }

    void put(UUID instance, SubLicenseId subLicense, Instant now, Instant expiresAt) {
        jdbc.sql("""
                        insert into licensing.seat_lease as lease (tenant_id, instance_id, sub_license_id, taken_at, expires_at)
                        values (:tenant, :instance, :subLicense, :now, :expires)
                        on conflict (tenant_id, instance_id) do update set sub_license_id = excluded.sub_license_id,
                            expires_at = excluded.expires_at,
                            taken_at = case when lease.expires_at > :now and lease.sub_license_id = excluded.sub_license_id
                                then lease.taken_at else excluded.taken_at end
                        """)
                .param("tenant", CurrentTenant.require().value())
                .param("instance", instance)
                .param("subLicense", subLicense.value())
                .param("now", Rows.utc(now))
                .param("expires", Rows.utc(expiresAt))
                .update();
    }

    /** @return whether it held one */
    boolean remove(UUID instance) {
        return jdbc.sql("delete from licensing.seat_lease where instance_id = ?")
                        .param(instance)
                        .update()
                > 0;
    }
}
