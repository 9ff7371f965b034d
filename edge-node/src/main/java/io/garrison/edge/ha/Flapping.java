package io.garrison.edge.ha;

import io.garrison.edge.events.EventJournal.Severity;
import io.garrison.edge.ha.keepalived.PlanRenderer;
import io.garrison.protocol.InstancePlan;
import java.io.IOException;

/**
 * Counts how often this instance leaves the active state where it is meant to be in it, and does what the plan says when that
 * is too often. Who only stands in for a peer gives back what the peer wants again, and does not flap by that. Belongs to the
 * thread of the shared addresses.
 */
final class Flapping {

    private final Watched watched;
    private final Latches latches;
    private final Passing passing;
    private final HaParts parts;
    private final FlapWindow window = new FlapWindow();
    private volatile int count;
    private boolean exceeded;
    private long plannedUntil;

    Flapping(Watched watched, Latches latches, Passing passing, HaParts parts) {
        this.watched = watched;
        this.latches = latches;
        this.passing = passing;
        this.parts = parts;
    }

    /** Within the window. */
    int count() {
        return count;
    }

    void start() throws IOException {
        watched.steering().set(Reason.HOLD, latches.state().hold() != null);
        tell();
    }

    /** Moves that somebody wanted, and the way back from them, are no flaps. */
    void planned(InstancePlan plan, long now) {
        long back = (long) plan.ha().peerCheckIntervalMs()
                * (plan.ha().peerRecoveryThreshold() + plan.ha().peerFailureThreshold() + 1L);
        plannedUntil = Math.max(plannedUntil, now + back + 1_000);
    }

    /** It held the router until now. */
    void left(InstancePlan plan, String router, long now) throws IOException {
        if (watched.steering().isPlanned()) {
            planned(plan, now);
        }
        if (now >= plannedUntil && isPreferred(plan, router)) {
            window.add(router, now);
        }
        look(plan, now);
    }

    private static boolean isPreferred(InstancePlan plan, String router) {
        return plan.routers().stream().anyMatch(one -> one.name().equals(router) && PlanRenderer.isPreferred(one));
    }

    void look(InstancePlan plan, long now) throws IOException {
        var ha = plan.ha();
        if (watched.steering().isPlanned()) {
            planned(plan, now);
        }
        count = window.count(now, ha.flapWindowSeconds() * 1_000L);
        boolean over = ha.maximumFlaps() > 0 && count > ha.maximumFlaps();
        if (over && !exceeded) {
            exceeded = true;
            act(
                    plan,
                    "was not active any more " + count + " times within " + ha.flapWindowSeconds() + " s; "
                            + ha.maximumFlaps() + " are allowed");
        } else if (!over) {
            exceeded = false;
        }
        watched.faults().set("flaps-exceeded", exceeded, "leaves the active state too often");
    }

    private void act(InstancePlan plan, String why) throws IOException {
        parts.events().record("ha.flaps-exceeded", Severity.ALARM, why);
        if (!plan.ha().primary()) {
            return;
        }
        switch (plan.ha().flapAction()) {
            case BYPASS -> passing.enter(why);
            case HOLD -> {
                latches.set(latches.state().withHold(why));
                watched.steering().set(Reason.HOLD, true);
                tell();
                parts.events().record("ha.hold-entered", Severity.ALARM, "leaves the addresses to its peers: " + why);
            }
            case ALARM -> {
                // told above
            }
        }
    }

    /** A person has looked. */
    void release() throws IOException {
        window.clear();
        exceeded = false;
        count = 0;
        if (latches.state().hold() != null) {
            latches.set(latches.state().withHold(null));
            watched.steering().set(Reason.HOLD, false);
            parts.events().record("ha.hold-left", Severity.ALARM, "takes part again: released by hand");
        }
        watched.faults().set("flaps-exceeded", false, "");
        tell();
    }

    private void tell() {
        var hold = latches.state().hold();
        watched.faults().set("hold-active", hold != null, "leaves the addresses to its peers: " + hold);
    }
}
