package io.garrison.edge.ha;

import io.garrison.edge.events.EventJournal.Severity;
import io.garrison.edge.ha.keepalived.HaFiles;
import io.garrison.edge.ha.keepalived.Notice;
import io.garrison.edge.ha.keepalived.Notifications;
import io.garrison.edge.ha.keepalived.PlanRefusedException;
import io.garrison.edge.ha.keepalived.RunningKeepalived;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.InstancePlan;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts plans in force, and tries again what can't be followed now. Belongs to the thread of the shared addresses, but for
 * {@link #refusal}.
 */
final class Following implements Routers.Outcome {

    private static final Logger log = LoggerFactory.getLogger(Following.class);
    private static final long SECOND_MS = 1_000;
    private static final long RETRY_MS = 5_000;

    private final HaThread thread;
    private final HaFiles files;
    private final HaParts parts;
    private final Watched watched;
    private final Organs organs;
    private @Nullable Notifications notifications;
    private @Nullable InstancePlan refusedPlan;
    private volatile @Nullable String refusal;
    private long retryAt = Long.MAX_VALUE;

    /** @param turn is done again and again while there is a plan, or while one is refused */
    record Organs(
            Routers routers,
            Health health,
            Passing passing,
            Flapping flapping,
            Changes changes,
            Lifeline lifeline,
            Lingering lingering,
            HaThread.Work turn) {}

    Following(HaThread thread, HaFiles files, HaParts parts, Watched watched, Organs organs) {
        this.thread = thread;
        this.files = files;
        this.parts = parts;
        this.watched = watched;
        this.organs = organs;
    }

    /** Why the newest plan is not in force; null if it is. */
    @Nullable
    String refusal() {
        return refusal;
    }

    /** Goes on with what an earlier agent left. */
    void adopt(InstancePlan known) {
        if (wants(known) && organs.routers().adopt(known)) {
            watched.plan(known);
            parts.events().record("ha.agent-restarted", Severity.WARNING, "keepalived went on without an agent");
        }
    }

    /** Whatever becomes of it, what runs is watched afterwards, and a plan that failed is tried again. */
    void take(InstancePlan plan) throws InterruptedException {
        refusedPlan = null;
        retryAt = Long.MAX_VALUE;
        try {
            if (wants(plan)) {
                follow(plan);
            } else {
                organs.routers().stop(watched.plan(), () -> ended(plan), why -> refused(plan, why));
            }
        } catch (PlanRefusedException | IOException e) {
            refused(plan, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            log.error("A plan for the shared addresses can't be followed", e);
            refused(plan, e.toString());
        } finally {
            if (wants(plan)) {
                thread.every(Health.pace(plan), organs.turn());
            } else if (refusedPlan != null) {
                thread.everyUnlessAny(Health.pace(plan), organs.turn());
            }
        }
    }

    private void follow(InstancePlan plan) throws IOException, InterruptedException {
        files.create();
        allowNonlocal();
        openNotifications();
        organs.health().start(plan.ha());
        organs.flapping().start();
        organs.passing().start();
        organs.lifeline().follow();
        var missing = plan.routers().isEmpty() ? Optional.<String>empty() : RunningKeepalived.missing();
        watched.faults().set("keepalived-unavailable", missing.isPresent(), missing.orElse(""));
        if (missing.isPresent()) {
            throw new IOException(missing.get());
        }
        if (plan.routers().isEmpty()) {
            organs.routers()
                    .stop(
                            watched.plan(),
                            () -> {
                                watched.roles().follow(List.of());
                                inForce(plan);
                            },
                            why -> refused(plan, why));
        } else {
            organs.routers().follow(plan, this);
        }
    }

    @Override
    public void inForce(InstancePlan plan) {
        accepted();
        watched.plan(plan);
        organs.lingering().follow(plan);
        parts.changed().run();
    }

    /** What can't be followed now is tried again: a device may come later. */
    @Override
    public void refused(InstancePlan plan, String why) {
        refusedPlan = plan;
        refusal = why;
        retryAt = thread.now() + RETRY_MS;
        if (watched.faults().set("plan-refused", true, why)) {
            parts.events().record("ha.plan-refused", Severity.ALARM, why);
        }
    }

    private void accepted() {
        refusedPlan = null;
        refusal = null;
        watched.faults().set("plan-refused", false, "");
    }

    /** Once a second. */
    void tend(long now) throws InterruptedException {
        var again = refusedPlan;
        if (again != null && now >= retryAt) {
            take(again);
        }
    }

    private void ended(InstancePlan plan) throws IOException {
        organs.lingering().end(plan);
        organs.passing().rest("the plan moves no addresses");
        organs.health().stop();
        close();
        accepted();
        watched.faults().clear();
        watched.roles().follow(List.of());
        watched.plan(null);
        thread.rest();
        if (organs.passing().isBusy()) {
            files.create();
            thread.every(SECOND_MS, organs.passing()::tend);
        }
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

    /** What was told while nobody listened is no news of now; how things are is looked up instead. */
    private void openNotifications() throws IOException, InterruptedException {
        if (notifications == null) {
            notifications = new Notifications(files, watched::named, this::noticed);
            organs.routers().lookAround();
        }
    }

    private void noticed(Notice notice) {
        thread.run(() -> {
            var plan = watched.plan();
            if (plan != null) {
                organs.changes().noticed(plan, notice, thread.now());
            }
        });
    }

    void close() throws IOException {
        if (notifications != null) {
            notifications.close();
            notifications = null;
        }
    }
}
