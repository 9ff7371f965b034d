package io.garrison.edge.agent;

import io.garrison.edge.aux.AuxPlane;
import io.garrison.edge.aux.BlockDesk;
import io.garrison.edge.aux.Blocks;
import io.garrison.edge.aux.Membership;
import io.garrison.edge.haproxy.DataPlane;
import io.garrison.edge.health.ManagementServer.Command;
import io.garrison.edge.health.ManagementServer.Question;
import io.garrison.edge.health.Metrics;
import io.garrison.edge.join.Identity;
import io.garrison.edge.plan.PlanKeeper;
import io.garrison.edge.state.StateDirectory;
import io.garrison.edge.sync.Reconciler;
import io.garrison.protocol.Availability.ClusterState;
import io.garrison.protocol.Availability.Fault;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shares tables with the members of the plan, under the identity that holds. */
final class Sharing {

    private static final Logger log = LoggerFactory.getLogger(Sharing.class);
    private static final Duration RETRY = Duration.ofSeconds(30);

    private final PlanKeeper plans;
    private final Supplier<Identity> identity;
    private final DataPlane dataPlane;
    private final Clock clock;
    private final Blocks blocks;
    private final AuxPlane plane;
    private @Nullable Membership followed;
    private @Nullable Instant retryAt;

    Sharing(StateDirectory state, PlanKeeper plans, Supplier<Identity> identity, DataPlane dataPlane, Clock clock)
            throws IOException {
        this.plans = plans;
        this.identity = identity;
        this.dataPlane = dataPlane;
        this.clock = clock;
        this.blocks = new Blocks(state.blocks(), identity.get().instanceId(), clock);
        this.plane = new AuxPlane(dataPlane.tables(), blocks, clock);
        // What is applied before the first turn shares tables already.
        boolean unused = dataPlane.share(wanted().link());
    }

    /** Follows the plan and the identity. Belongs to the reconciler's thread; called every second or so. */
    void tend(Reconciler reconciler) {
        var wanted = wanted();
        var now = clock.instant();
        if (wanted.equals(followed) && (retryAt == null || now.isBefore(retryAt))) {
            return;
        }
        followed = wanted;
        retryAt = null;
        if (dataPlane.share(wanted.link()) && dataPlane.applied().revision() > 0) {
            install(reconciler);
        }
        boolean missing = dataPlane.applied().revision() > 0
                && !dataPlane.tables().link().equals(Optional.ofNullable(wanted.link()));
        if (missing) {
            retryAt = now.plus(RETRY);
        }
        plane.unavailable(
                missing ? "The address and port for shared tables can't be listened on here." : wanted.problem());
    }

    private static void install(Reconciler reconciler) {
        try {
            reconciler.rerender();
        } catch (IOException e) {
            log.warn("Tables can't be shared now: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Passes blocks and signs of life on until the agent ends. */
    void run(Loops loops) throws InterruptedException {
        while (!loops.stop().isSet()) {
            plane.tick();
            loops.stop().await(Duration.ofMillis(AuxPlane.LOOK_MS));
        }
    }

    /** Adds what is wrong with shared state. */
    Stacked.Shared with(Stacked.Shared shared) {
        var faults = new ArrayList<Fault>(shared.faults());
        faults.addAll(plane.faults());
        faults.addAll(blocks.faults());
        return new Stacked.Shared(
                shared.haRole(),
                shared.planError(),
                shared.routers(),
                shared.bypass(),
                shared.flaps(),
                shared.activeLinkPairs(),
                List.copyOf(faults),
                shared.drills());
    }

    /** Adds how shared state passes. */
    @Nullable
    ClusterState with(@Nullable ClusterState cluster) {
        return cluster == null
                ? null
                : new ClusterState(
                        cluster.nodeId(),
                        cluster.role(),
                        cluster.term(),
                        cluster.main(),
                        cluster.healthy(),
                        cluster.members(),
                        cluster.splits(),
                        plane.exchangedAt(),
                        plane.convergenceP95Ms());
    }

    Map<String, Command> commands() {
        var desk = new BlockDesk(blocks, plane);
        var commands = new HashMap<String, Command>();
        commands.put("block", (Question) desk::block);
        commands.put("unblock", (Question) desk::lift);
        commands.put("blocks", desk::list);
        return commands;
    }

    StatusDocument.@Nullable Aux status() {
        int count = blocks.inForce().size();
        return new StatusDocument.Aux(
                plane.members(),
                plane.connected(),
                plane.exchangedAt(),
                plane.convergenceP95Ms(),
                count,
                problems(),
                damaged());
    }

    /** What is wrong with sharing, for people. */
    List<String> problems() {
        return plane.faults().stream().map(Fault::message).toList();
    }

    /** What is wrong with the file of blocks, for people. */
    List<String> damaged() {
        return blocks.faults().stream().map(Fault::message).toList();
    }

    String metrics() {
        var at = plane.exchangedAt();
        var p95 = plane.convergenceP95Ms();
        var metrics = new Metrics()
                .gauge("garrison_edge_aux_members", "Other instances to share tables with", plane.members())
                .gauge("garrison_edge_aux_connected", "Of these, those connected", plane.connected())
                .gauge(
                        "garrison_edge_aux_faults",
                        "What is wrong with shared state",
                        plane.faults().size() + blocks.faults().size())
                .gauge(
                        "garrison_edge_blocks",
                        "Ranges of clients that are blocked",
                        blocks.inForce().size())
                .gauge(
                        "garrison_edge_aux_exchanged_timestamp_seconds",
                        "When shared state arrived last; 0 if none did",
                        at == null ? 0 : at.getEpochSecond());
        if (p95 != null) {
            metrics.gauge(
                    "garrison_edge_aux_convergence_p95_milliseconds",
                    "How long shared state takes to arrive, 95th percentile",
                    p95);
        }
        return metrics.toString();
    }

    private Membership wanted() {
        return plans.plan().map(plan -> Membership.of(plan, identity.get())).orElse(Membership.NONE);
    }
}
