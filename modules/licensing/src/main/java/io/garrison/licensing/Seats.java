package io.garrison.licensing;

import io.garrison.licensing.PoolShare.Lingering;
import io.garrison.protocol.LeaseReceipt;
import io.garrison.tenancy.CurrentTenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
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
    record Lease(
            SubLicenseId subLicense,
            Instant expiresAt,
            @Nullable UUID leaseId,
            boolean offline,
            @Nullable String signed) {

        SeatLease asLease() {
            return new SeatLease(expiresAt, offline, signed);
        }
    }

    /** Under which sub-licence the instance holds a lease that has not run out. */
    Optional<SubLicenseId> heldBy(UUID instance, Instant now) {
        return inForce(instance, now).map(Lease::subLicense);
    }

    /** The lease of an instance that has not run out. */
    Optional<Lease> inForce(UUID instance, Instant now) {
        return jdbc.sql("select * from licensing.seat_lease where instance_id = ? and expires_at > ?")
                .params(instance, Rows.utc(now))
                .query(Seats::held)
                .optional();
    }

    /** The lease of an instance, whether or not it has run out; locked until the transaction ends. */
    Optional<Lease> lock(UUID instance) {
        return jdbc.sql("select * from licensing.seat_lease where instance_id = ? for update")
                .param(instance)
                .query(Seats::held)
                .optional();
    }

    /** When the instance has to give its seat up; none if it may keep it, or holds none. */
    Optional<Instant> giveUpAt(UUID instance, Instant now) {
        return jdbc.sql("""
                        select give_up_at from licensing.seat_lease
                        where instance_id = ? and expires_at > ? and give_up_at is not null
                        """)
                .params(instance, Rows.utc(now))
                .query((row, number) -> Rows.instant(row, "give_up_at"))
                .optional();
    }

    /** A seat beyond a limit, and when it has to be given up, if that is said already. */
    record Marked(UUID instance, @Nullable Instant giveUpAt) {}

    /** The seats beyond the limit, the newest first. Those that have to be given up already are beyond it before others. */
    List<Marked> beyond(SubLicenseId subLicense, long limit, Instant now) {
        return jdbc.sql("""
                        select instance_id, give_up_at from (
                            select *, row_number() over (order by (give_up_at is null) desc, taken_at, instance_id) as place
                            from licensing.seat_lease where sub_license_id = ? and expires_at > ?) as placed
                        where place > ? order by place desc
                        """)
                .params(subLicense.value(), Rows.utc(now), limit)
                .query((row, number) ->
                        new Marked(Rows.uuid(row, "instance_id"), Rows.optionalInstant(row, "give_up_at")))
                .list();
    }

    /** The seat of an offline lease stays taken to its end all the same: the file cannot be called back. */
    void mark(Collection<UUID> instances, Instant giveUpAt) {
        if (!instances.isEmpty()) {
            jdbc.sql("""
                            update licensing.seat_lease
                            set give_up_at = :at, expires_at = case when offline then expires_at else least(expires_at, :at) end
                            where instance_id in (:instances)
                            """)
                    .param("at", Rows.utc(giveUpAt))
                    .param("instances", instances)
                    .update();
        }
    }

    /** Nobody else has to give a seat up any more. */
    void keepAllBut(SubLicenseId subLicense, Collection<UUID> instances) {
        jdbc.sql("""
                        update licensing.seat_lease set give_up_at = null
                        where sub_license_id = :id and give_up_at is not null and not instance_id = any(:instances)
                        """)
                .param("id", subLicense.value())
                .param("instances", instances.toArray(UUID[]::new))
                .update();
    }

    /** The seats that have to be given up. One of an offline lease stays taken to its end. */
    Lingering lingering(SubLicenseId subLicense, Instant now) {
        return jdbc.sql("""
                        select count(*) as seats,
                            max(greatest(give_up_at, case when offline then expires_at end)) as until
                        from licensing.seat_lease
                        where sub_license_id = ? and expires_at > ? and give_up_at is not null
                        """)
                .params(subLicense.value(), Rows.utc(now))
                .query((row, number) -> row.getLong("seats") == 0
                        ? Lingering.NONE
                        : new Lingering(row.getLong("seats"), Rows.instant(row, "until")))
                .single();
    }

    /** When the last seat has to be given up that still can be renewed. */
    Optional<Instant> lastGiveUp(SubLicenseId subLicense, Instant now) {
        return jdbc.sql("""
                        select max(give_up_at) as last from licensing.seat_lease
                        where sub_license_id = ? and expires_at > ? and give_up_at > ?
                        """)
                .params(subLicense.value(), Rows.utc(now), Rows.utc(now))
                .query((row, number) -> Optional.ofNullable(Rows.optionalInstant(row, "last")))
                .single();
    }

    /** Whether the seat counts beyond a limit, or may outlive what it was granted from. */
    boolean counts(UUID instance) {
        return jdbc.sql("""
                        select exists (select 1 from licensing.seat_lease
                            where instance_id = ? and (offline or give_up_at is not null))
                        """).param(instance).query(Boolean.class).single();
    }

    /** @return whether it held a seat that it had to give up */
    boolean removeMarked(UUID instance) {
        return jdbc.sql(
                                "delete from licensing.seat_lease where instance_id = ? and give_up_at is not null and not offline")
                        .param(instance)
                        .update()
                > 0;
    }

    long taken(SubLicenseId subLicense, Instant now) {
        return jdbc.sql("select count(*) from licensing.seat_lease where sub_license_id = ? and expires_at > ?")
                .params(subLicense.value(), Rows.utc(now))
                .query(Long.class)
                .single();
    }

    /** When leases ran out, in that order, of those that did so in this time. */
    List<Instant> ranOut(SubLicenseId subLicense, Instant after, Instant upTo) {
        return jdbc.sql("""
                        select expires_at from licensing.seat_lease
                        where sub_license_id = ? and expires_at > ? and expires_at <= ? order by expires_at
                        """)
                .params(subLicense.value(), Rows.utc(after), Rows.utc(upTo))
                .query((row, number) -> Rows.instant(row, "expires_at"))
                .list();
    }

    /** Under which sub-licence the instance holds or held a seat. */
    Optional<SubLicenseId> lastOf(UUID instance) {
        return jdbc.sql("select sub_license_id from licensing.seat_lease where instance_id = ?")
                .param(instance)
                .query(UUID.class)
                .optional()
                .map(SubLicenseId::new);
    }

    void put(UUID instance, Lease lease, Instant now) {
        jdbc.sql("""
                        insert into licensing.seat_lease as lease (tenant_id, instance_id, sub_license_id, taken_at, expires_at,
                            lease_id, offline, signed)
                        values (:tenant, :instance, :subLicense, :now, :expires, :lease, :offline, :signed)
                        on conflict (tenant_id, instance_id) do update set sub_license_id = excluded.sub_license_id,
                            expires_at = excluded.expires_at, lease_id = excluded.lease_id, offline = excluded.offline,
                            signed = excluded.signed,
                            give_up_at = case when lease.expires_at > :now
                                and lease.sub_license_id = excluded.sub_license_id then lease.give_up_at end,
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

    private static Lease held(ResultSet row, int number) throws SQLException {
        return new Lease(
                new SubLicenseId(Rows.uuid(row, "sub_license_id")),
                Rows.instant(row, "expires_at"),
                row.getObject("lease_id", UUID.class),
                row.getBoolean("offline"),
                row.getString("signed"));
    }
}
