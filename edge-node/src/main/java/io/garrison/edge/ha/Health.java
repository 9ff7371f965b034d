package io.garrison.edge.ha;

import io.garrison.edge.events.EventJournal.Severity;
import io.garrison.edge.ha.keepalived.HaFiles;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.InstancePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Looks whether this instance can serve, and steers by it. Belongs to the thread of the shared addresses. */
final class Health {

    /** Asking more often costs more than it tells: the end of HAProxy is told by its connection. */
    private static final long QUICKEST_LOOK_MS = 250;

    private final HaThread thread;
    private final Watched watched;
    private final Latches latches;
    private final HaParts parts;
    private final Hysteresis haproxy = new Hysteresis();
    private final Hysteresis links = new Hysteresis();
    private final BandwidthWatch bandwidth = new BandwidthWatch();
    private @Nullable HaproxyWatch watch;
    private volatile @Nullable Integer activePairs;
    private final Path mark;
    private final Instant began;
    private boolean answering = true;
    private long lookedAtHaproxy;
    private long lookedAtLinks;

    Health(HaThread thread, Watched watched, Latches latches, HaParts parts) {
        this.thread = thread;
        this.watched = watched;
        this.latches = latches;
        this.parts = parts;
        this.mark = new HaFiles(parts.directory()).shutOut();
        this.began = parts.clock().instant();
    }

    /** With carriers at both ends; null if none are watched. */
    @Nullable
    Integer activePairs() {
        return activePairs;
    }

    /** Has looked at everything once when this returns. */
    void start(HaSettings ha) throws IOException {
        watched.steering().set(Reason.SHUT_OUT, Files.exists(mark));
        if (watch == null) {
            var started =
                    new HaproxyWatch(parts.haproxy().master(), parts.haproxy().stats(), listener());
            started.start();
            watch = started;
            if (!started.isReachable()) {
                haproxy.fail();
            }
            steerByHaproxy(!started.isReachable());
        }
        if (latches.state().bandwidth() != null) {
            watched.steering().set(Reason.BANDWIDTH, true);
            bandwidthFault(true);
        }
    }

    void stop() throws IOException {
        if (watch != null) {
            watch.close();
            watch = null;
        }
        activePairs = null;
    }

    /** How often {@link #look} should be called, ms. */
    static long pace(InstancePlan plan) {
        long look = Math.clamp(plan.ha().peerCheckIntervalMs(), QUICKEST_LOOK_MS, 1_000);
        return plan.linkPairs().isEmpty()
                ? look
                : Math.min(look, Math.max(10, plan.ha().linkMonitoringIntervalMs()));
    }

    void look(InstancePlan plan) throws IOException {
        var ha = plan.ha();
        long now = thread.now();
        long recovery = (long) ha.peerCheckIntervalMs() * ha.peerRecoveryThreshold();
        if (now - lookedAtLinks >= ha.linkMonitoringIntervalMs()) {
            lookedAtLinks = now;
            lookAtLinks(plan, now, recovery);
        }
        if (now - lookedAtHaproxy >= Math.max(QUICKEST_LOOK_MS, ha.peerCheckIntervalMs())) {
            lookedAtHaproxy = now;
            lookAtHaproxy(ha, now);
        }
        var running = watch;
        if (running != null && running.isReachable() && answering) {
            // Between the looks only time passes: it is good again as soon as it was for long enough.
            steerByHaproxy(haproxy.look(true, now, ha.peerFailureThreshold(), recovery));
        }
    }

    private void lookAtHaproxy(HaSettings ha, long now) throws IOException {
        var running = watch;
        answering = running != null && running.isReachable() && running.answers();
        if (!answering) {
            steerByHaproxy(haproxy.look(false, now, ha.peerFailureThreshold(), 0));
        }
    }

    private void lookAtLinks(InstancePlan plan, long now, long recovery) throws IOException {
        var pairs = plan.linkPairs();
        if (pairs.isEmpty()) {
            activePairs = null;
            watched.steering().set(Reason.LINKS, false);
            watched.faults().set("link-down", false, "");
            return;
        }
        int active = LinkWatch.active(pairs);
        var former = activePairs;
        activePairs = active;
        var text = active + " of " + pairs.size() + " link pairs have carriers; at least "
                + plan.ha().minimumActiveLinkPairs() + " are wanted";
        if (former != null && active < former) {
            parts.events().record("ha.link-down", Severity.WARNING, text);
        } else if (former != null && active > former) {
            parts.events().record("ha.link-up", Severity.INFO, text);
        }
        int least = plan.ha().minimumActiveLinkPairs();
        boolean bad = links.look(least == 0 || active >= least, now, 1, least == 0 ? 0 : recovery);
        watched.steering().set(Reason.LINKS, bad);
        if (watched.faults().set("link-down", bad, text)) {
            parts.changed().run();
        }
    }

    /** Once a second. */
    void lookAtBandwidth(InstancePlan plan) throws IOException {
        boolean master = watched.roles().isMasterOfAny() && latches.state().bypass() == null;
        boolean low = bandwidth.isTooLow(plan.ha(), master, parts.clientBytes().getAsLong(), thread.now());
        var latched = latches.state().bandwidth();
        if (low && latched == null && plan.members().size() > 1) {
            var why = "less than " + plan.ha().minimumBandwidthBps() + " bit/s for "
                    + plan.ha().bandwidthIntervalSeconds() + " s";
            latches.set(latches.state().withBandwidth(why));
            watched.steering().set(Reason.BANDWIDTH, true);
            bandwidthFault(true);
            parts.events().record("ha.bandwidth-low", Severity.WARNING, "hands the addresses over: " + why);
        } else if (latched != null && (bandwidth.isEnough() || !plan.ha().bandwidthMonitoring())) {
            releaseBandwidth();
        }
    }

    /** Without a word of management the last one holds, even if an earlier agent heard it. */
    private void lookWhetherOut(boolean peers) throws IOException {
        boolean known = parts.lastContact().get() == null && Files.exists(mark);
        boolean out = peers && (known || parts.shutOut().getAsBoolean());
        if (!watched.steering().set(Reason.SHUT_OUT, out)) {
            return;
        }
        if (out) {
            Files.write(mark, new byte[0]);
            parts.events()
                    .record(
                            "ha.shut-out",
                            Severity.WARNING,
                            "quarantined or decommissioned: leaves the addresses to others");
        } else {
            Files.deleteIfExists(mark);
        }
    }

    void releaseBandwidth() throws IOException {
        latches.set(latches.state().withBandwidth(null));
        watched.steering().set(Reason.BANDWIDTH, false);
        bandwidthFault(false);
    }

    /** @param peers whether there is anybody else to serve */
    void lookAtManagement(boolean peers) throws IOException {
        lookWhetherOut(peers);
        var contact = parts.lastContact().get();
        boolean silent = (contact == null ? began : contact)
                .isBefore(parts.clock().instant().minus(parts.silence()));
        if (watched.faults()
                .set("management-unreachable", silent, "management does not answer; addresses stay as they are")) {
            parts.changed().run();
        }
    }

    /** The process without which a peer should have the addresses, for the time without an agent. */
    Path lifeline() {
        return parts.haproxy().pid();
    }

    private void bandwidthFault(boolean on) {
        watched.faults().set("bandwidth-low", on, String.valueOf(latches.state().bandwidth()));
    }

    private void steerByHaproxy(boolean dead) throws IOException {
        watched.steering().set(Reason.HAPROXY_DEAD, dead);
        if (watched.faults().set("haproxy-dead", dead, "HAProxy does not answer")) {
            if (dead) {
                parts.events().record("ha.haproxy-dead", Severity.ALARM, "HAProxy does not answer");
            } else {
                parts.events().record("ha.haproxy-back", Severity.INFO, "HAProxy answers again");
            }
        }
    }

    private HaproxyWatch.Listener listener() {
        return new HaproxyWatch.Listener() {
            @Override
            public void gone() {
                // On the watch's own thread: nothing waits for a turn.
                thread.guarded(() -> watched.steering().set(Reason.HAPROXY_DEAD, true));
                thread.run(() -> {
                    haproxy.fail();
                    steerByHaproxy(true);
                });
            }

            @Override
            public void back() {
                // Good for long enough, it will be found by the next look.
            }
        };
    }
}
