package io.garrison.instances;

import io.garrison.instances.availability.HaWarnings.Warning;
import io.garrison.instances.availability.StackLabel;
import io.garrison.protocol.Availability.Fault;
import io.garrison.protocol.Availability.RouterState;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.SyncState;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A stack as its instances report it: what each edge tells of its own cluster (PX-29, DI-34), of all of them together.
 *
 * @param clusterEnabled whether any instance has told of its peers
 * @param nodeId whose view this is: the main's, else that of the first instance that tells; null if nobody does
 * @param role of that one in the cluster
 * @param localNode the same as {@code nodeId}
 * @param term of the last election that anybody knows
 * @param peers all members but that one
 * @param members all instances that are neither retired nor quarantined, by id
 * @param healthyMembers how many of them are healthy
 * @param clusterHealth {@code HEALTHY} if there are members and all are healthy, else {@code NOT HEALTHY}
 * @param toleratedFailures how many may fail, whichever they are, before no decision is possible any more; 0 for a pair,
 *     whose shared addresses survive one failure, and which decides as long as its primary lives
 * @param splits the most that any instance has counted
 * @param warnings what is not wise, and what is not right now
 */
public record ClusterStatus(
        UUID stackId,
        StackLabel label,
        HaMode mode,
        TrafficMode trafficMode,
        long detectionMs,
        boolean clusterEnabled,
        @Nullable UUID nodeId,
        @Nullable String role,
        @Nullable UUID localNode,
        long term,
        List<Peer> peers,
        Sync sync,
        List<Member> members,
        int healthyMembers,
        String clusterHealth,
        boolean healthy,
        int toleratedFailures,
        long splits,
        @Nullable Double auxConvergenceP95Ms,
        List<Warning> warnings) {

    /** @param status healthy, degraded, suspect, lost, unknown */
    public record Peer(UUID nodeId, String name, String role, String status) {}

    /**
     * @param lastRuleSync the newest exchange of shared state between any two instances; null if there was none
     * @param lastConfigSync the newest heartbeat of an instance that serves the stack's newest revision; null if none does
     */
    public record Sync(
            @Nullable Instant lastRuleSync, @Nullable Instant lastConfigSync) {}

    /**
     * @param address where its peers reach it, as it said
     * @param role MAIN, WORKER, CANDIDATE, or UNKNOWN
     * @param status healthy, degraded, suspect, lost, unknown
     * @param lag revisions that it is behind the newest
     * @param planNumber of the plan that it follows; 0 if none
     * @param plannedNumber of the newest plan that was made for it
     * @param bypass why traffic passes it uninspected; null if it does not
     * @param reportedAt when it told this; null if it never did
     */
    public record Member(
            UUID instanceId,
            String name,
            @Nullable String address,
            boolean primary,
            String role,
            String status,
            boolean healthy,
            LifecycleState lifecycleState,
            SyncState syncState,
            InstanceHealth health,
            String haRole,
            long term,
            long revision,
            long desiredRevision,
            long lag,
            long planNumber,
            long plannedNumber,
            @Nullable String planError,
            List<RouterState> routers,
            @Nullable String bypass,
            int flaps,
            @Nullable Integer activeLinkPairs,
            List<Fault> faults,
            @Nullable Long declaredCapacityBps,
            @Nullable Instant lastSeen,
            @Nullable Instant reportedAt) {}
}
