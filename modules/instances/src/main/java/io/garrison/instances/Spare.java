package io.garrison.instances;

import io.garrison.instances.availability.Majority;
import io.garrison.protocol.Availability;
import io.garrison.protocol.HaSettings.HaMode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Which LOST instance a stack can do without. To be silent to management is not to be gone: who is only cut off may serve
 * as ever, and hold addresses that the others would take too if it were no member any more.
 */
@Component
class Spare {

    private final JdbcClient jdbc;
    private final AvailabilityRows rows;
    private final HaStore ha;
    private final InstanceSettings settings;

    Spare(JdbcClient jdbc, AvailabilityRows rows, HaStore ha, InstanceSettings settings) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.ha = ha;
        this.settings = settings;
    }

    private record Member(UUID id, LifecycleState lifecycle, Instant since) {}

    /**
     * The one that has been lost longest, as long as those that are heard of can decide without it and follow their newest
     * plan, none of them sees it, and all addresses are held by one that is heard of.
     */
    Optional<InstanceId> first(StackId stack, Instant lostBefore, Instant now) {
        var members = members(stack);
        var heard = members.stream()
                .filter(member -> member.lifecycle().isConnected())
                .map(Member::id)
                .collect(Collectors.toSet());
        var all = members.stream().map(Member::id).collect(Collectors.toSet());
        var set = ha.read(stack).settings();
        var told = rows.told(stack).entrySet().stream()
                .filter(each -> heard.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        if (!Majority.isOf(all, set.primary().orElse(null), heard) || !isSettled(stack, told, now)) {
            return Optional.empty();
        }
        var states = told.stream().map(AvailabilityRows.Told::availability).toList();
        if (set.shared().mode() != HaMode.NONE
                && set.routers().stream().anyMatch(router -> isHeldUnseen(router.name(), states))) {
            return Optional.empty();
        }
        var seen = seen(states);
        return members.stream()
                .filter(member -> member.lifecycle() == LifecycleState.LOST)
                .filter(member -> !member.since().isAfter(lostBefore))
                .map(Member::id)
                .filter(id -> !seen.contains(id))
                .findFirst()
                .map(InstanceId::new);
    }

    /** Plans of two members may not differ by more than one instance (ADR 17). */
    private boolean isSettled(StackId stack, List<AvailabilityRows.Told> told, Instant now) {
        var lastLeft = jdbc.sql("""
                        select coalesce(max(lifecycle_since), to_timestamp(0)) from instances.instance
                         where stack_id = ? and lifecycle in ('QUARANTINED', 'RETIRED')""")
                .param(stack.value())
                .query((row, n) -> Sql.requiredInstant(row, "coalesce"))
                .single();
        return told.stream()
                .allMatch(each -> each.at().isAfter(lastLeft)
                        && !each.at().isBefore(now.minus(settings.lostAfter()))
                        && each.availability().planNumber() == each.planNumber());
    }

    private List<Member> members(StackId stack) {
        return jdbc.sql("""
                        select id, lifecycle, lifecycle_since from instances.instance
                         where stack_id = ? and lifecycle not in ('QUARANTINED', 'RETIRED')
                         order by lifecycle_since, id""")
                .param(stack.value())
                .query((row, n) -> new Member(
                        Sql.uuid(row, "id"),
                        LifecycleState.valueOf(row.getString("lifecycle")),
                        Sql.requiredInstant(row, "lifecycle_since")))
                .list();
    }

    /** Backups that hear a holder, who is none of them. */
    private static boolean isHeldUnseen(String router, List<Availability> told) {
        var states = told.stream()
                .flatMap(each -> each.routers().stream())
                .filter(state -> state.name().equals(router))
                .map(Availability.RouterState::state)
                .collect(Collectors.toSet());
        return states.contains("BACKUP") && !states.contains("MASTER");
    }

    /** By the link between the instances. */
    private static Set<UUID> seen(List<Availability> told) {
        return told.stream()
                .map(Availability::cluster)
                .filter(Objects::nonNull)
                .flatMap(cluster -> cluster.members().stream())
                .filter(member ->
                        member.status().equals("healthy") || member.status().equals("suspect"))
                .map(Availability.MemberState::nodeId)
                .collect(Collectors.toSet());
    }
}
