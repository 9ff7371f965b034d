package io.garrison.instances;

import io.garrison.instances.ClusterStatus.Member;
import io.garrison.instances.ClusterStatus.Peer;
import io.garrison.instances.ClusterStatus.Sync;
import io.garrison.instances.HighAvailability.LeftOut;
import io.garrison.instances.HighAvailability.StackHa;
import io.garrison.instances.availability.HaWarnings;
import io.garrison.instances.availability.HaWarnings.Warning;
import io.garrison.instances.availability.RouterSettings;
import io.garrison.instances.availability.Side;
import io.garrison.protocol.Availability;
import io.garrison.protocol.Availability.ClusterState;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.SyncState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Puts together what the instances of a stack report. */
final class ClusterStatusMaker {

    private static final Availability NOTHING =
            new Availability(0, null, null, List.of(), null, 0, null, List.of(), null, List.of(), List.of());

    private final StackHa ha;
    private final List<InstanceSummary> instances;
    private final Map<UUID, AvailabilityRows.Told> told;

    /** @param instances those that the settings name */
    ClusterStatusMaker(StackHa ha, List<InstanceSummary> instances, Map<UUID, AvailabilityRows.Told> told) {
        this.ha = ha;
        this.instances = instances.stream()
                .sorted(Comparator.comparing(instance -> instance.id().value()))
                .toList();
        this.told = told;
    }

    ClusterStatus make() {
        var members = instances.stream().map(this::member).toList();
        var viewer = viewer(members);
        int healthy = (int) members.stream().filter(Member::healthy).count();
        boolean all = healthy == members.size() && healthy > 0;
        var settings = ha.settings();
        return new ClusterStatus(
                ha.stack().value(),
                ha.label(),
                settings.shared().mode(),
                settings.trafficMode(),
                settings.shared().detectionMs(),
                viewer.isPresent(),
                viewer.map(Member::instanceId).orElse(null),
                viewer.map(Member::role).orElse(null),
                viewer.map(Member::instanceId).orElse(null),
                members.stream().mapToLong(Member::term).max().orElse(0),
                members.stream()
                        .filter(member -> !viewer.equals(Optional.of(member)))
                        .map(member -> new Peer(member.instanceId(), member.name(), member.role(), member.status()))
                        .toList(),
                new Sync(lastRuleSync(), lastConfigSync()),
                members,
                healthy,
                all ? "HEALTHY" : "NOT HEALTHY",
                all,
                HaWarnings.toleratedFailures(members.size()),
                clusters().stream().mapToLong(ClusterState::splits).max().orElse(0),
                clusters().stream()
                        .map(ClusterState::auxConvergenceP95Ms)
                        .filter(Objects::nonNull)
                        .max(Comparator.naturalOrder())
                        .orElse(null),
                warnings(members));
    }

    private List<ClusterState> clusters() {
        return instances.stream()
                .map(instance -> availability(instance).cluster())
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }

    private Availability availability(InstanceSummary instance) {
        var of = told.get(instance.id().value());
        return of == null ? NOTHING : of.availability();
    }

    private Member member(InstanceSummary instance) {
        var id = instance.id().value();
        var of = told.get(id);
        var availability = availability(instance);
        var cluster = availability.cluster();
        var side = ha.settings().side(id);
        var status = status(instance, availability);
        return new Member(
                id,
                instance.name(),
                availability.address(),
                side.map(Side::primary).orElse(false),
                cluster == null ? "UNKNOWN" : cluster.role(),
                status,
                status.equals("healthy"),
                instance.lifecycleState(),
                instance.syncState(),
                instance.health(),
                instance.haRole(),
                cluster == null ? 0 : cluster.term(),
                instance.appliedRevision(),
                instance.desiredRevision(),
                Math.max(0, instance.desiredRevision() - instance.appliedRevision()),
                availability.planNumber(),
                of == null ? 0 : of.planNumber(),
                availability.planError(),
                availability.routers(),
                availability.bypass(),
                availability.flaps(),
                availability.activeLinkPairs(),
                availability.faults(),
                side.map(Side::declaredCapacityBps).orElse(null),
                instance.lastSeen(),
                of == null ? null : of.at());
    }

    static String status(InstanceSummary instance, Availability availability) {
        return switch (instance.lifecycleState()) {
            case LOST -> "lost";
            case SUSPECT -> "suspect";
            case PENDING, QUARANTINED, RETIRED -> "unknown";
            case ENROLLED, SYNCING, ONLINE, MAINTENANCE ->
                instance.health() != InstanceHealth.DOWN
                                && availability.bypass() == null
                                && availability.faults().isEmpty()
                        ? "healthy"
                        : "degraded";
        };
    }

    /** The main by its own word, else whoever tells of peers. */
    private Optional<Member> viewer(List<Member> members) {
        var telling = members.stream()
                .filter(member -> {
                    var of = told.get(member.instanceId());
                    return of != null && of.availability().cluster() != null;
                })
                .toList();
        return telling.stream()
                .filter(member -> member.role().equals("MAIN"))
                .max(Comparator.comparingLong(Member::term))
                .or(() -> telling.stream().findFirst());
    }

    private @Nullable Instant lastRuleSync() {
        return clusters().stream()
                .map(ClusterState::auxExchangedAt)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    private @Nullable Instant lastConfigSync() {
        return instances.stream()
                .filter(instance -> instance.syncState() == SyncState.IN_SYNC)
                .map(InstanceSummary::lastSeen)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    private List<Warning> warnings(List<Member> members) {
        var warnings = new ArrayList<>(ha.warnings());
        members.stream()
                .filter(member -> member.bypass() != null)
                .forEach(member -> warnings.add(new Warning(
                        "ha.bypass", "Traffic passes %s uninspected: %s".formatted(member.name(), member.bypass()))));
        if (ha.settings().shared().mode() != HaMode.NONE && !members.isEmpty()) {
            var leftOut = ha.leftOut().stream().map(LeftOut::router).toList();
            ha.settings().routers().stream()
                    .filter(router -> !leftOut.contains(router.name()))
                    .forEach(router -> holders(router, members).ifPresent(warnings::add));
        }
        return List.copyOf(warnings);
    }

    /** By the last word of those that are heard of. */
    private static Optional<Warning> holders(RouterSettings router, List<Member> members) {
        var holders = members.stream()
                .filter(member -> member.lifecycleState().isConnected())
                .filter(member -> member.routers().stream()
                        .anyMatch(state -> state.name().equals(router.name())
                                && state.state().equals("MASTER")))
                .map(Member::name)
                .toList();
        if (holders.isEmpty()) {
            return Optional.of(new Warning(
                    "ha.router-unheld", "No instance that is heard of holds the router %s.".formatted(router.name())));
        }
        return holders.size() == 1
                ? Optional.empty()
                : Optional.of(new Warning(
                        "ha.router-held-twice",
                        "The router %s is held by %s at once: they do not see each other."
                                .formatted(router.name(), String.join(" and ", holders))));
    }
}
