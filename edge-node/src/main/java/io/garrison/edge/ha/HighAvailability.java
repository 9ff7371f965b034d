package io.garrison.edge.ha;

import io.garrison.edge.events.EventJournal.Severity;
import io.garrison.edge.ha.keepalived.HaFiles;
import io.garrison.edge.ha.keepalived.Notice;
import io.garrison.edge.ha.keepalived.Notifications;
import io.garrison.edge.ha.keepalived.PlanRefusedException;
import io.garrison.edge.ha.keepalived.RunningKeepalived;
import io.garrison.protocol.Drill;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.InstancePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The shared addresses of one instance (HA-00a to HA-11). Does nothing, and costs nothing, until a plan names a mode.
 * May be called from any thread. Closing it leaves keepalived running.
 */
public final class HighAvailability implements AutoCloseable {

    private static final long SECOND_MS = 1_000;
    private static final long RETRY_MS = 5_000;

    private final HaFiles files;
    private final HaParts parts;
    private final HaThread thread = new HaThread();
    private final Watched watched;
    private final Latches latches;
    private final HandOvers handOvers;
    private final Routers routers;
    private final Health health;
    private final Passing passing;
    private final Flapping flapping;
    private final Changes changes;
    private final Draining draining;
    private final Drills drills;
    private @Nullable Notifications notifications;
    private @Nullable InstancePlan refusedPlan;
    private volatile @Nullable String refusal;
    private long secondAt;
    private long retryAt = Long.MAX_VALUE;

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
        this.changes = new Changes(watched, flapping, handOvers, parts);
        this.draining = new Draining(thread, watched, handOvers);
        this.drills = new Drills(thread, watched, parts);
    }

    /** Goes on with what an earlier agent left. */
    public void start(Optional<InstancePlan> plan) {
        if (parts.bypass().awaitsHeartbeat()) {
            // Until there are turns, and whatever comes of the plan.
            thread.every(SECOND_MS, passing::tend);
        }
        if (plan.isPresent()) {
            follow(plan.get());
        } else if (latches.state().bypass() != null
                || parts.bypass().capabilities().available()) {
            thread.run(() -> {
                files.create();
                passing.start();
                rest();
            });
        }
    }

    /** No plan moves addresses; only a bypass may need turns. */
    private void rest() throws IOException {
        if (passing.isBusy()) {
            thread.every(SECOND_MS, passing::tend);
            files.create();
        }
    }

    /** Returns at once; what became of it is in the report. */
    public void follow(InstancePlan plan) {
        thread.run(() -> take(plan));
    }

    private void take(InstancePlan plan) throws IOException, InterruptedException {
        retryAt = Long.MAX_VALUE;
        if (!wants(plan)) {
            end();
            return;
        }
        if (watched.plan() == null && routers.adopt(plan)) {
            watched.plan(plan);
            parts.events().record("ha.agent-restarted", Severity.WARNING, "keepalived went on without an agent");
        }
        files.create();
        allowNonlocal();
        openNotifications();
        health.start(plan.ha());
        flapping.start();
        passing.start();
        lifeline();
        try {
            var missing = plan.routers().isEmpty() ? Optional.<String>empty() : RunningKeepalived.missing();
            watched.faults().set("keepalived-unavailable", missing.isPresent(), missing.orElse(""));
            if (missing.isPresent()) {
                throw new IOException(missing.get());
            }
            if (plan.routers().isEmpty()) {
                routers.stop(watched.plan(), () -> {
                    watched.roles().follow(List.of());
                    inForce(plan);
                });
            } else {
                routers.follow(plan, this::inForce);
            }
            refused(null, null);
        } catch (PlanRefusedException | IOException e) {
            refused(plan, e.getMessage());
        }
        thread.every(Health.pace(plan), this::turn);
    }

    private void inForce(InstancePlan plan) {
        watched.plan(plan);
        parts.changed().run();
    }

    /** What can't be followed now is tried again: a device may come later. */
    private void refused(@Nullable InstancePlan plan, @Nullable String why) {
        refusedPlan = plan;
        refusal = why;
        retryAt = plan == null ? Long.MAX_VALUE : thread.now() + RETRY_MS;
        if (watched.faults().set("plan-refused", why != null, String.valueOf(why)) && why != null) {
            parts.events().record("ha.plan-refused", Severity.ALARM, why);
        }
    }

    private void end() throws IOException, InterruptedException {
        refused(null, null);
        routers.stop(watched.plan(), this::ended);
    }

    private void ended() throws IOException {
        thread.rest();
        passing.rest("the plan moves no addresses");
        health.stop();
        watched.faults().clear();
        watched.roles().follow(List.of());
        watched.plan(null);
        if (notifications != null) {
            notifications.close();
            notifications = null;
        }
        rest();
    }

    private static boolean wants(InstancePlan plan) {
        return plan.ha().mode() != HaMode.NONE;
    }

    private void allowNonlocal() {
        try {
            boolean news = NonlocalBind.allow();
            watched.faults().set("nonlocal-bind", false, "");
            if (news) {
                parts.nonlocal().run();
            }
        } catch (IOException e) {
            watched.faults()
                    .set("nonlocal-bind", true, "HAProxy can't listen on addresses of a peer: " + e.getMessage());
        }
    }

    private void openNotifications() throws IOException, InterruptedException {
        if (notifications == null) {
            notifications = new Notifications(files, watched::plan, this::noticed);
        }
    }

    private void noticed(Notice notice) {
        thread.run(() -> {
            var plan = watched.plan();
            if (plan != null) {
                changes.noticed(plan, notice, thread.now());
            }
        });
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
        lifeline();
        health.lookAtManagement(plan != null && plan.members().size() > 1);
        if (plan != null) {
            health.lookAtBandwidth(plan);
            flapping.look(plan, now);
            changes.look(plan, now);
        }
        var again = refusedPlan;
        if (again != null && now >= retryAt) {
            take(again);
        }
    }

    /** While traffic bypasses HAProxy, its end is no reason to leave the addresses. */
    private void lifeline() throws IOException {
        var target = passing.isOn() ? Path.of("keepalived.pid") : health.lifeline();
        if (Files.isSymbolicLink(files.alive())
                && Files.readSymbolicLink(files.alive()).equals(target)) {
            return;
        }
        var beside = files.alive().resolveSibling("alive.new");
        Files.deleteIfExists(beside);
        Files.createSymbolicLink(beside, target);
        Files.move(beside, files.alive(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What management says to a report. */
    public void answered(@Nullable Drill drill) {
        if (drill != null || !drills.results().isEmpty()) {
            thread.run(() -> drills.answered(drill));
        }
    }

    /** Before clients are turned away: returns when a peer has the addresses, or when it is clear that none takes them. */
    public void beforeDrain() throws InterruptedException {
        draining.before();
    }

    /** An earlier agent turned clients away already. */
    public void drained() throws IOException {
        files.create();
        draining.already();
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
                if (watched.plan() == null) {
                    thread.every(SECOND_MS, passing::tend);
                }
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
                refusal,
                watched.roles().told(),
                latches.state().bypass(),
                flapping.count(),
                health.activePairs(),
                watched.faults().told(),
                drills.results());
    }

    @Override
    public void close() throws IOException {
        thread.rest();
        thread.close();
        health.stop();
        if (notifications != null) {
            notifications.close();
        }
    }
}
