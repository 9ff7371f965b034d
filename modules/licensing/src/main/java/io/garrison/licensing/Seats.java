package io.garrison.licensing;

import io.garrison.tenancy.CurrentTenant;
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

    /** Under which sub-licence the instance holds a lease that has not run out. */
    Optional<SubLicenseId> heldBy(UUID instance, Instant now) {
        return jdbc.sql("select sub_license_id from licensing.seat_lease where instance_id = ? and expires_at > ?")
                .params(instance, Rows.utc(now))
                .query(UUID.class)
                .optional()
                .map(SubLicenseId::new);
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

    void mark(Collection<UUID> instances, Instant giveUpAt) {
        if (!instances.isEmpty()) {
            jdbc.sql("""
                            update licensing.seat_lease
                            set give_up_at = :at, expires_at = least(expires_at, :at) where instance_id in (:instances)
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

    /** @return whether it held a seat that it had to give up */
    boolean removeMarked(UUID instance) {
        return jdbc.sql("delete from licensing.seat_lease where instance_id = ? and give_up_at is not null")
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

    void put(UUID instance, SubLicenseId subLicense, Instant now, Instant expiresAt) {
        jdbc.sql("""
                        insert into licensing.seat_lease as lease (tenant_id, instance_id, sub_license_id, taken_at, expires_at)
                        values (:tenant, :instance, :subLicense, :now, :expires)
                        on conflict (tenant_id, instance_id) do update set sub_license_id = excluded.sub_license_id,
                            expires_at = excluded.expires_at,
                            give_up_at = case when lease.expires_at > :now
                                and lease.sub_license_id = excluded.sub_license_id then lease.give_up_at end,
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
