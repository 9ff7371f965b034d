package io.garrison.instances;

import io.garrison.instances.availability.MixedModes;
import io.garrison.instances.availability.RouterSettings;
import io.garrison.instances.availability.SharedSettings;
import io.garrison.instances.availability.Side;
import io.garrison.instances.availability.StackSettings;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.InstancePlan.LinkPair;
import io.garrison.protocol.VirtualRouter.VirtualAddress;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.SecretVault;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables of high availability settings. Writing needs the lock of the stack. */
@Repository
class HaStore {

    private final JdbcClient jdbc;
    private final SecretVault vault;

    HaStore(JdbcClient jdbc, SecretVault vault) {
        this.jdbc = jdbc;
        this.vault = vault;
    }

    /** @param members names by id, of those that are neither retired nor quarantined */
    record Stored(StackSettings settings, Map<UUID, String> members, long version) {

        /** The routers whose numbers and addresses the stack needs for itself. */
        List<RouterSettings> claiming() {
            return claiming(settings, members);
        }

        static List<RouterSettings> claiming(StackSettings settings, Map<UUID, String> members) {
            return settings.shared().mode() == HaMode.NONE || members.isEmpty() ? List.of() : settings.routers();
        }
    }

    private record Head(SharedSettings shared, MixedModes mixed, long version) {}

    /** With passwords. */
    Stored read(StackId stack) {
        var head = jdbc.sql("select * from instances.stack_ha where stack_id = ?")
                .param(stack.value())
                .query((row, n) -> new Head(
                        new SharedSettings(
                                HaMode.valueOf(row.getString("mode")),
                                row.getInt("port"),
                                row.getInt("peer_check_interval_ms"),
                                row.getInt("peer_failure_threshold")),
                        Sql.read(row.getString("mixed"), MixedModes.class),
                        row.getLong("version")))
                .optional()
                .orElse(new Head(SharedSettings.DEFAULT, MixedModes.DEFAULT, 0));
        var mode = jdbc.sql("select traffic_mode from instances.stack where id = ?")
                .param(stack.value())
                .query(String.class)
                .single();
        var members = members(stack);
        var sides = sides(stack, head.shared(), members);
        return new Stored(
                new StackSettings(TrafficMode.valueOf(mode), head.shared(), sides, routers(stack), head.mixed()),
                members,
                head.version());
    }

    /** Who belongs to the stack, heard of or not. */
    private Map<UUID, String> members(StackId stack) {
        var members = new TreeMap<UUID, String>();
        jdbc.sql("""
                        select id, name from instances.instance
                         where stack_id = ? and lifecycle not in ('QUARANTINED', 'RETIRED')""").param(stack.value()).query(row -> {
            members.put(Sql.uuid(row, "id"), row.getString("name"));
        });
        return members;
    }

    private List<Side> sides(StackId stack, SharedSettings shared, Map<UUID, String> members) {
        var told = new TreeMap<UUID, Side>();
        members.keySet().forEach(id -> told.put(id, Side.untold(id).under(shared)));
        jdbc.sql("select * from instances.instance_ha where stack_id = ?")
                .param(stack.value())
                .query((row, n) -> side(row, shared))
                .list()
                .forEach(side -> told.replace(side.instanceId(), side));
        return List.copyOf(told.values());
    }

    /** What was last written of an instance, though it may be no member any more. */
    Optional<Side> side(InstanceId instance, SharedSettings shared) {
        return jdbc.sql("select * from instances.instance_ha where instance_id = ?")
                .param(instance.value())
                .query((row, n) -> side(row, shared))
                .optional();
    }

    private static Side side(ResultSet row, SharedSettings shared) throws SQLException {
        return new Side(
                        Sql.uuid(row, "instance_id"),
                        Sql.read(row.getString("settings"), HaSettings.class),
                        Arrays.asList(Sql.read(row.getString("link_pairs"), LinkPair[].class)),
                        row.getObject("declared_capacity_bps", Long.class))
                .under(shared);
    }

    private List<RouterSettings> routers(StackId stack) {
        return jdbc.sql("select * from instances.virtual_router where stack_id = ? order by position")
                .param(stack.value())
                .query((row, n) -> router(row, stack))
                .list();
    }

    private RouterSettings router(ResultSet row, StackId stack) throws SQLException {
        var name = row.getString("name");
        var sealed = row.getBytes("sealed_password");
        return new RouterSettings(
                name,
                row.getString("network"),
                row.getInt("router_id"),
                row.getString("device"),
                Arrays.asList(Sql.read(row.getString("addresses"), VirtualAddress[].class)),
                row.getObject("owner_id", UUID.class),
                row.getInt("version"),
                sealed == null ? null : new String(vault.open(context(stack, name), sealed), StandardCharsets.UTF_8),
                row.getInt("garp_repeat"),
                row.getInt("garp_refresh_seconds"));
    }

    private static String context(StackId stack, String router) {
        return "instances.virtual_router/" + stack + "/" + router;
    }

    /** Under the next version. */
    void write(StackId stack, StackSettings settings, Instant now, String by) {
        var shared = settings.shared();
        var tenant = CurrentTenant.require().value();
        jdbc.sql("""
                        insert into instances.stack_ha as old (tenant_id, stack_id, mode, port, peer_check_interval_ms,
                            peer_failure_threshold, mixed, version, changed_at, changed_by)
                        values (?, ?, ?, ?, ?, ?, cast(? as json), 1, ?, ?)
                        on conflict (tenant_id, stack_id) do update
                           set mode = excluded.mode, port = excluded.port,
                               peer_check_interval_ms = excluded.peer_check_interval_ms,
                               peer_failure_threshold = excluded.peer_failure_threshold, mixed = excluded.mixed,
                               version = old.version + 1, changed_at = excluded.changed_at,
                               changed_by = excluded.changed_by""")
                .params(
                        tenant,
                        stack.value(),
                        shared.mode().name(),
                        shared.port(),
                        shared.peerCheckIntervalMs(),
                        shared.peerFailureThreshold(),
                        Sql.json(settings.mixed()),
                        Sql.time(now),
                        by)
                .update();
        jdbc.sql(
                        "update instances.stack set traffic_mode = ?, version = version + 1 where id = ? and traffic_mode <> ?")
                .params(
                        settings.trafficMode().name(),
                        stack.value(),
                        settings.trafficMode().name())
                .update();
        // Whoever has left the stack has no side any more.
        jdbc.sql("delete from instances.instance_ha where stack_id = ?")
                .param(stack.value())
                .update();
        settings.sides().forEach(side -> write(tenant, stack, side));
        jdbc.sql("delete from instances.virtual_router where stack_id = ?")
                .param(stack.value())
                .update();
        for (int at = 0; at < settings.routers().size(); at++) {
            write(tenant, stack, settings.routers().get(at), at);
        }
    }

    private void write(UUID tenant, StackId stack, Side side) {
        jdbc.sql("""
                        insert into instances.instance_ha
                            (tenant_id, instance_id, stack_id, settings, link_pairs, declared_capacity_bps)
                        values (?, ?, ?, cast(? as json), cast(? as json), ?)""")
                .param(tenant)
                .param(side.instanceId())
                .param(stack.value())
                .param(Sql.json(side.ha()))
                .param(Sql.json(side.linkPairs()))
                .param(side.declaredCapacityBps())
                .update();
    }

    private void write(UUID tenant, StackId stack, RouterSettings router, int position) {
        jdbc.sql("""
                        insert into instances.virtual_router (tenant_id, stack_id, name, position, network, router_id,
                            device, addresses, owner_id, version, sealed_password, garp_repeat, garp_refresh_seconds)
                        values (?, ?, ?, ?, ?, ?, ?, cast(? as json), ?, ?, ?, ?, ?)""")
                .param(tenant)
                .param(stack.value())
                .param(router.name())
                .param(position)
                .param(router.network())
                .param(router.id())
                .param(router.device())
                .param(Sql.json(router.addresses()))
                .param(router.owner())
                .param(router.version())
                .param(sealed(stack, router.name(), router.password()))
                .param(router.gratuitousArpRepeat())
                .param(router.gratuitousArpRefreshSeconds())
                .update();
    }

    private byte @Nullable [] sealed(StackId stack, String router, @Nullable String password) {
        return password == null ? null : vault.seal(context(stack, router), password.getBytes(StandardCharsets.UTF_8));
    }
}
