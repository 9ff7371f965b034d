package io.garrison.edge.ha;

import io.garrison.edge.ha.keepalived.HaFiles;
import io.garrison.edge.haproxy.ClosingConnections;
import io.garrison.protocol.Drill;
import io.garrison.protocol.InstancePlan;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The shared addresses of one instance (HA-00a to HA-11). Does nothing, and costs nothing, until a plan names a mode.
 * May be called from any thread. Closing it leaves keepalived running.
 */
public final class HighAvailability implements AutoCloseable {

    private static final long SECOND_MS = 1_000;

    private final HaParts parts;
    private final HaFiles files;
    private final HaThread thread = new HaThread();
    private final Watched watched;
    private final Latches latches;
    private final HandOvers handOvers;
    private final Routers routers;
    private final Health health;
    private final Passing passing;
    private final Flapping flapping;
    private final Lingering lingering;
    private final Changes changes;
    private final Draining draining;
    private final Drills drills;
    private final DrillResults drillResults;
    private final Lifeline lifeline;
    private final Following following;
    private long secondAt;

    public HighAvailability(HaParts parts) throws IOException {
        this.parts = parts;
        this.files = new HaFiles(parts.directory());
        this.watched = new Watched(new Roles(parts.clock()), new Steering(files), new Faults(parts.clock()));
        this.latches = new Latches(files.latches());
        this.handOvers = new HandOvers(watched.roles());
        this.routers = new Routers(thread, files, watched, handOvers, parts);
        this.health = new Health(thread, watched, latches, parts);
        this.passing = new Passing(watched, latches, parts);
        this.flapping = new Flapping(watched, latches, passing, parts);
        this.lingering = new Lingering(thread, files, watched, new ClosingConnections(parts.haproxy()));
        this.changes = new Changes(watched, flapping, handOvers, lingering, parts);
        this.draining = new Draining(thread, watched, handOvers);
        this.drillResults = new DrillResults(files.drills());
        this.drills = new Drills(thread, watched, lingering, parts, drillResults);
        this.lifeline = new Lifeline(files, health, passing);
        this.following = new Following(
                thread,
                files,
                parts,
                watched,
                new Following.Organs(routers, health, passing, flapping, changes, lifeline, lingering, this::turn));
    }

    /** Goes on with what an earlier agent left. */
    public void start(Optional<InstancePlan> plan) {
        if (parts.bypass().awaitsHeartbeat()) {
            // Until there are turns, and whatever comes of the plan.
            thread.every(SECOND_MS, passing::tend);
        }
        plan.ifPresent(known -> thread.run(() -> following.adopt(known)));
        if (plan.isPresent()) {
            follow(plan.get());
        } else if (latches.state().bypass() != null
                || parts.bypass().capabilities().available()) {
            thread.run(() -> {
                files.create();
                passing.start();
                if (passing.isBusy()) {
                    thread.everyUnlessAny(SECOND_MS, passing::tend);
                }
            });
        }
    }

    /** Returns at once; what became of it is in the report. */
    public void follow(InstancePlan plan) {
        thread.run(() -> following.take(plan));
    }

    private void turn() throws IOException, InterruptedException {
        long now = thread.now();
        var plan = watched.plan();
        boolean second = now - secondAt >= SECOND_MS;
        if (second) {
            // First: the watchdog of a card waits for nothing else.
            secondAt = now;
            passing.tend();
        }
        watched.steering().tend();
        routers.tend(plan);
        handOvers.settle(now);
        if (plan != null) {
            health.look(plan);
        }
        if (second) {
            second(plan, now);
        }
    }

    private void second(@Nullable InstancePlan plan, long now) throws IOException, InterruptedException {
        lifeline.follow();
        health.lookAtManagement(plan != null && plan.members().size() > 1);
        if (plan != null) {
            health.lookAtBandwidth(plan);
            flapping.look(plan, now);
            changes.look(plan, now);
            lingering.look(now);
        }
        following.tend(now);
    }

    /** Takes part in a rehearsal that management asks for. */
    public void rehearse(Drill drill) {
        thread.run(() -> drills.wanted(drill));
    }

    /** Management has the results of these rehearsals. */
    public void drillsTaken(List<UUID> drills) {
        drillResults.taken(drills);
    }

    /** Before clients are turned away: returns when a peer has the addresses, or when it is clear that none takes them. */
    public void beforeDrain() throws InterruptedException {
        thread.guarded(files::create);
        draining.before();
    }

    /** An earlier agent turned clients away already. */
    public void drained() throws IOException {
        try {
            files.create();
        } finally {
            draining.already();
        }
    }

    /** Clients are taken again. */
    public void afterDrain() {
        draining.after();
    }

    /** @return what became of it, for people */
    public String bypass(boolean on) throws IOException, InterruptedException {
        return thread.ask(() -> {
            files.create();
            if (on) {
                thread.everyUnlessAny(SECOND_MS, passing::tend);
                return passing.enter(Passing.BY_HAND)
                        ? "traffic passes uninspected"
                        : "no bypass: " + passing.trouble();
            }
            return passing.leave("by hand") ? "traffic is inspected again" : "there was no bypass";
        });
    }

    /** Ends what waits for a person: bypass, hold, the penalty for little traffic. */
    public String release() throws IOException, InterruptedException {
        return thread.ask(() -> {
            boolean left = passing.leave("released by hand");
            flapping.release();
            boolean penalty = latches.state().bandwidth() != null;
            if (penalty) {
                health.releaseBandwidth();
            }
            return left ? "released; traffic is inspected again" : "released";
        });
    }

    /** For reports. */
    public HaState state() {
        return new HaState(
                watched.roles().haRole(),
                following.refusal(),
                watched.roles().told(),
                latches.state().bypass(),
                flapping.count(),
                health.activePairs(),
                watched.faults().told(),
                drillResults.waiting());
    }

    @Override
    public void close() throws IOException {
        thread.rest();
        thread.close();
        watched.steering().endDrills();
        health.stop();
        following.close();
    }
}
