package io.garrison.licensing;

import io.garrison.protocol.LeaseReceipt;
import io.garrison.tenancy.CurrentTenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The leases of the bound tenant's instances. */
@Repository
class Seats {

    private final JdbcClient jdbc;

    Seats(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A lease, in force or not. */
    record Held(
            SubLicenseId subLicense,
            Instant expiresAt,
            @Nullable UUID leaseId,
            boolean offline,
            @Nullable String signed) {

        SeatLease asLease() {
            return new SeatLease(expiresAt, offline, signed);
        }
    }

    /** The lease of an instance that has not run out. */
    Optional<Held> inForce(UUID instance, Instant now) {
        return jdbc.sql("select * from licensing.seat_lease where instance_id = ? and expires_at > ?")
                .params(instance, Rows.utc(now))
                .query(Seats::held)
                .optional();
    }

    /** The lease of an instance, whether or not it has run out; locked until the transaction ends. */
    Optional<Held> lock(UUID instance) {
        return jdbc.sql("select * from licensing.seat_lease where instance_id = ? for update")
                .param(instance)
                .query(Seats::held)
                .optional();
    }

    long taken(SubLicenseId subLicense, Instant now) {
        return jdbc.sql("select count(*) from licensing.seat_lease where sub_license_id = ? and expires_at > ?")
                .params(subLicense.value(), Rows.utc(now))
                .query(Long.class)
                .single();
    }

    void put(UUID instance, Held lease, Instant now) {
        jdbc.sql("""
                        insert into licensing.seat_lease as lease (tenant_id, instance_id, sub_license_id, taken_at, expires_at,
                            lease_id, offline, signed)
                        values (:tenant, :instance, :subLicense, :now, :expires, :lease, :offline, :signed)
                        on conflict (tenant_id, instance_id) do update set sub_license_id = excluded.sub_license_id,
                            expires_at = excluded.expires_at, lease_id = excluded.lease_id, offline = excluded.offline,
                            signed = excluded.signed,
                            taken_at = case when lease.expires_at > :now and lease.sub_license_id = excluded.sub_license_id
                                then lease.taken_at else excluded.taken_at end
                        """)
                .param("tenant", CurrentTenant.require().value())
                .param("instance", instance)
                .param("subLicense", lease.subLicense().value())
                .param("now", Rows.utc(now))
                .param("expires", Rows.utc(lease.expiresAt()))
                .param("lease", lease.leaseId())
                .param("offline", lease.offline())
                .param("signed", lease.offline() ? lease.signed() : null)
                .update();
    }

    /** @return whether it held one */
    boolean remove(UUID instance) {
        return jdbc.sql("delete from licensing.seat_lease where instance_id = ?")
                        .param(instance)
                        .update()
                > 0;
    }

    /** @return false if this lease came back before */
    boolean returned(LeaseReceipt receipt, Instant now) {
        return jdbc.sql("""
                        insert into licensing.lease_return
                            (tenant_id, lease_id, instance_id, receipt_id, returned_at, loaded_at)
                        values (?, ?, ?, ?, ?, ?) on conflict do nothing""")
                        .params(
                                CurrentTenant.require().value(),
                                receipt.lease(),
                                receipt.instance(),
                                receipt.id(),
                                Rows.utc(receipt.returnedAt()),
                                Rows.utc(now))
                        .update()
                == 1;
    }

    boolean cameBack(UUID lease) {
        return jdbc.sql("select exists (select 1 from licensing.lease_return where lease_id = ?)")
                .param(lease)
                .query(Boolean.class)
                .single();
    }

    private static Held held(ResultSet row, int number) throws SQLException {
        return new Held(
                new SubLicenseId(Rows.uuid(row, "sub_license_id")),
                Rows.instant(row, "expires_at"),
                row.getObject("lease_id", UUID.class),
                row.getBoolean("offline"),
                row.getString("signed"));
    }
}
