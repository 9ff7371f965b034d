package io.garrison.instances;

import io.garrison.instances.availability.Planning.Peer;
import io.garrison.protocol.Availability;
import io.garrison.protocol.Availability.ClusterState;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.SignedBundle;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.SecretVault;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What instances reported of their part in the stack, and the plans that were made for them. */
@Repository
class AvailabilityRows {

    private final JdbcClient jdbc;
    private final SecretVault vault;

    AvailabilityRows(JdbcClient jdbc, SecretVault vault) {
        this.jdbc = jdbc;
        this.vault = vault;
    }

    /**
     * @param basis of what the plan was made; null if none was
     * @param reportedSha256 digest of what was reported last; null if nothing was
     * @param isDrillNear whether the stack has a rehearsal that instances may be told of now
     */
    record Row(
            long planNumber,
            @Nullable String basis,
            @Nullable String reportedSha256,
            boolean isDrillNear) {}

    /** @param planNumber newest that was made for it; 0 if none was */
    record Told(Availability availability, Instant at, long planNumber) {}

    /** Holds the row until the transaction ends, made if it was not there: plans of an instance come one after the other. */
    Row lock(EdgeIdentity of, Instant now) {
        return locked(of.instanceId(), now).orElseGet(() -> {
            jdbc.sql("""
                            insert into instances.instance_availability (tenant_id, instance_id, stack_id)
                            values (?, ?, ?) on conflict do nothing""")
                    .params(
                            CurrentTenant.require().value(),
                            of.instanceId().value(),
                            of.stackId().value())
                    .update();
            return locked(of.instanceId(), now).orElseThrow();
        });
    }

    private Optional<Row> locked(InstanceId instance, Instant now) {
        return jdbc.sql("""
                        select a.plan_number, a.plan_basis, a.reported_sha256, exists (
                               select 1 from instances.drill d
                                where d.stack_id = a.stack_id and d.starts_at > :late and d.starts_at <= :soon) as drill_near
                          from instances.instance_availability a where a.instance_id = :instance for update""")
                .param("instance", instance.value())
                .param("late", Sql.time(now.minus(DrillRows.LATE)))
                .param("soon", Sql.time(now.plus(DrillRows.AHEAD)))
                .query((row, n) -> new Row(
                        row.getLong("plan_number"),
                        row.getString("plan_basis"),
                        row.getString("reported_sha256"),
                        row.getBoolean("drill_near")))
                .optional();
    }

    /**
     * Writes what is reported, unless it is what the row has.
     *
     * @param address null keeps the one told last: to forget it would take this instance from its peers' plans
     * @return whether it was written
     */
    boolean report(InstanceId instance, Row before, @Nullable String address, Availability reported) {
        var json = Sql.json(lasting(reported));
        var sha256 = ProtocolJson.sha256Hex(json);
        if (sha256.equals(before.reportedSha256())) {
            return false;
        }
        jdbc.sql("""
                        update instances.instance_availability
                           set address = coalesce(?, address), reported = cast(? as json), reported_sha256 = ?
                         where instance_id = ?""")
                .param(address)
                .param(json)
                .param(sha256)
                .param(instance.value())
                .update();
        return true;
    }

    /** Without what each heartbeat changes: that is in {@link Heartbeats}. */
    private static Availability lasting(Availability reported) {
        var cluster = reported.cluster();
        return cluster == null ? reported : with(reported, exchange(cluster, null, null));
    }

    private static Availability with(Availability told, ClusterState cluster) {
        return new Availability(
                told.planNumber(),
                told.planError(),
                told.address(),
                told.routers(),
                told.bypass(),
                told.flaps(),
                told.activeLinkPairs(),
                told.faults(),
                cluster,
                told.events(),
                told.drills());
    }

    private static ClusterState exchange(
            ClusterState cluster, @Nullable Instant exchangedAt, @Nullable Double convergenceP95Ms) {
        return new ClusterState(
                cluster.nodeId(),
                cluster.role(),
                cluster.term(),
                cluster.main(),
                cluster.healthy(),
                cluster.members(),
                cluster.splits(),
                exchangedAt,
                convergenceP95Ms);
    }

    void plan(InstanceId instance, long number, String basis, SignedBundle signed) {
        jdbc.sql("""
                        update instances.instance_availability set plan_number = ?, plan_basis = ?, sealed_plan = ?
                         where instance_id = ?""")
                .params(
                        number,
                        basis,
                        vault.seal(context(instance), Sql.json(signed).getBytes(StandardCharsets.UTF_8)),
                        instance.value())
                .update();
    }

    void delete(InstanceId instance) {
        jdbc.sql("delete from instances.instance_availability where instance_id = ?")
                .param(instance.value())
                .update();
    }

    /** The plan that there is holds for this too. */
    void basis(InstanceId instance, String basis) {
        jdbc.sql("update instances.instance_availability set plan_basis = ? where instance_id = ?")
                .params(basis, instance.value())
                .update();
    }

    /** The plan that was made last; null if none was. */
    @Nullable
    SignedBundle open(InstanceId instance) {
        return jdbc.sql("""
                        select sealed_plan from instances.instance_availability
                         where instance_id = ? and sealed_plan is not null""")
                .param(instance.value())
                .query((row, n) -> row.getBytes("sealed_plan"))
                .optional()
                .map(bytes -> Sql.read(
                        new String(vault.open(context(instance), bytes), StandardCharsets.UTF_8), SignedBundle.class))
                .orElse(null);
    }

    private static String context(InstanceId instance) {
        return "instances.instance_availability/" + instance;
    }

    /** Version of the stack's settings; 0 before the first change. */
    long version(StackId stack) {
        return jdbc.sql("select version from instances.stack_ha where stack_id = ?")
                .param(stack.value())
                .query(Long.class)
                .optional()
                .orElse(0L);
    }

    /** Whether a plan was made for any who belongs to the stack. */
    boolean hasPlans(StackId stack) {
        return jdbc.sql("""
                        select exists (select 1 from instances.instance i
                          join instances.instance_availability a
                            on a.tenant_id = i.tenant_id and a.instance_id = i.id
                         where i.stack_id = ? and i.lifecycle not in ('QUARANTINED', 'RETIRED') and a.plan_number > 0)""").param(stack.value()).query(Boolean.class).single();
    }

    /** Whether nobody may have addresses on that are not of the newest plans: each says that it follows its own, or none. */
    boolean isFollowed(StackId stack) {
        return jdbc.sql("""
                        select not exists (select 1 from instances.instance i
                          left join instances.instance_availability a
                            on a.tenant_id = i.tenant_id and a.instance_id = i.id
                         where i.stack_id = :stack and (i.lifecycle = 'QUARANTINED'
                            or i.lifecycle <> 'RETIRED' and a.plan_number > 0
                               and (a.plan_basis is distinct from :basis or a.reported ->> 'planError' is not null
                                or coalesce(cast(a.reported ->> 'planNumber' as bigint), 0) not in (0, a.plan_number))))""")
                .param("stack", stack.value())
                .param("basis", basis(stack).sha256())
                .query(Boolean.class)
                .single();
    }

    /** Who belongs to the stack, by id. */
    List<Peer> peers(StackId stack) {
        return basis(stack).peers();
    }

    /**
     * What plans of the stack are made of.
     *
     * @param version of the stack's settings; 0 before the first change
     * @param revision newest one, where plans depend on what is served (HC-24); else 0
     * @param peers who belongs to the stack, by id
     */
    record Basis(long version, long revision, List<Peer> peers) {
        String sha256() {
            return ProtocolJson.sha256Hex(toString());
        }

        @Override
        public String toString() {
            return version + (revision == 0 ? " " : " " + revision + " ") + peers;
        }
    }

    Basis basis(StackId stack) {
        var version = new AtomicLong();
        var revision = new AtomicLong();
        var peers = jdbc.sql("""
                        select i.id, i.name, a.address, coalesce(h.version, 0) as version,
                               case s.traffic_mode when 'MIXED' then s.latest_revision else 0 end as revision
                          from instances.instance i
                          join instances.stack s on s.tenant_id = i.tenant_id and s.id = i.stack_id
                          left join instances.stack_ha h on h.tenant_id = i.tenant_id and h.stack_id = i.stack_id
                          left join instances.instance_availability a
                            on a.tenant_id = i.tenant_id and a.instance_id = i.id
                         where i.stack_id = ? and i.lifecycle not in ('QUARANTINED', 'RETIRED') order by i.id""")
                .param(stack.value())
                .query((row, n) -> {
                    version.set(row.getLong("version"));
                    revision.set(row.getLong("revision"));
                    return new Peer(Sql.uuid(row, "id"), row.getString("name"), row.getString("address"));
                })
                .list();
        return new Basis(version.get(), revision.get(), peers);
    }

    /** What the instances of the stack reported last, by id; without those that never did. */
    Map<UUID, Told> told(StackId stack) {
        var told = new TreeMap<UUID, Told>();
        jdbc.sql("""
                        select a.instance_id, a.reported, a.plan_number, b.stack_seen, b.aux_exchanged_at,
                               b.aux_convergence_p95_ms
                          from instances.instance_availability a
                          join instances.heartbeat b on b.tenant_id = a.tenant_id and b.instance_id = a.instance_id
                         where a.stack_id = ? and a.reported is not null""").param(stack.value()).query(row -> {
            told.put(Sql.uuid(row, "instance_id"), read(row));
        });
        return told;
    }

    private static Told read(ResultSet row) throws SQLException {
        var reported = Sql.read(row.getString("reported"), Availability.class);
        var cluster = reported.cluster();
        return new Told(
                cluster == null
                        ? reported
                        : with(
                                reported,
                                exchange(
                                        cluster,
                                        Sql.instant(row, "aux_exchanged_at"),
                                        row.getObject("aux_convergence_p95_ms", Double.class))),
                Sql.requiredInstant(row, "stack_seen"),
                row.getLong("plan_number"));
    }
}
