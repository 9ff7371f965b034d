package io.garrison.edge.ha;

import io.garrison.edge.events.EventJournal.Severity;
import io.garrison.edge.ha.bypass.BypassPort.Passage;
import io.garrison.protocol.Availability.DrillResult;
import io.garrison.protocol.Drill;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.InstancePlan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes part in rehearsed failovers. Belongs to the thread of the shared addresses. */
final class Drills {

    private static final Duration TOO_LATE = Duration.ofMinutes(1);
    private static final long LOOK_MS = 5;

    private final HaThread thread;
    private final Watched watched;
    private final Lingering lingering;
    private final HaParts parts;
    private final DrillResults results;
    private @Nullable UUID known;

    Drills(HaThread thread, Watched watched, Lingering lingering, HaParts parts, DrillResults results) {
        this.thread = thread;
        this.watched = watched;
        this.lingering = lingering;
        this.parts = parts;
        this.results = results;
    }

    /** Takes part, unless management has said so before, to an earlier agent too: it says so until it has the result. */
    void wanted(Drill told) {
        if (!told.id().equals(known) && !results.has(told.id())) {
            known = told.id();
            begin(told);
        }
    }

    private void begin(Drill drill) {
        var now = parts.clock().instant();
        var plan = watched.plan();
        if (plan == null
                || plan.routers().stream().noneMatch(router -> router.name().equals(drill.router()))) {
            end(refused(drill, "this instance has no router of the name " + drill.router()));
        } else if (drill.at().plus(TOO_LATE).isBefore(now)) {
            end(refused(drill, "heard of it more than a minute after it began"));
        } else if (drill.holdSeconds() < 1 || drill.holdSeconds() > 300) {
            end(refused(drill, "holdSeconds must be 1 to 300"));
        } else {
            long wait = Math.max(0, Duration.between(now, drill.at()).toMillis());
            switch (drill.role()) {
                case YIELD -> thread.later(wait, () -> give(drill));
                case PROBE -> probe(drill, plan, wait);
            }
        }
    }

    private void give(Drill drill) throws IOException {
        if (!watched.roles().isMaster(drill.router())) {
            end(refused(drill, "this instance does not hold the addresses"));
            return;
        }
        int weight = switch (drill.kind()) {
            case GRACEFUL -> Reason.YIELDING;
            case FAULT -> Reason.FAILED;
        };
        var began = parts.clock().instant();
        long from = thread.now();
        watched.steering().drill(drill.router(), weight);
        parts.events().record("ha.drill-began", Severity.INFO, "yields " + drill.router() + ": " + drill.kind());
        thread.later(LOOK_MS, () -> awaitTakeover(drill, began, from));
    }

    private void awaitTakeover(Drill drill, Instant began, long from) throws IOException {
        long now = thread.now();
        boolean gone = !watched.roles().isMaster(drill.router());
        long hold = drill.holdSeconds() * 1_000L;
        if (!gone && now - from < hold) {
            thread.later(LOOK_MS, () -> awaitTakeover(drill, began, from));
            return;
        }
        var result = new DrillResult(
                drill.id(),
                "YIELDED",
                began,
                gone ? now - from : null,
                null,
                null,
                null,
                null,
                null,
                gone ? null : "no peer took the addresses");
        thread.later(Math.max(0, hold - (now - from)), () -> {
            watched.steering().drill(drill.router(), 0);
            parts.events()
                    .record("ha.drill-ended", Severity.INFO, drill.router() + " is taken back when the plan says so");
            end(result);
        });
    }

    private void probe(Drill drill, InstancePlan plan, long wait) {
        var service = serviceOf(drill, plan);
        if (service.isEmpty()) {
            end(refused(drill, "no service listens on an address of " + drill.router()));
            return;
        }
        long millis = drill.holdSeconds() * 1_000L + recovery(plan.ha());
        thread.later(wait, () -> lingering.measure(true));
        Thread.ofPlatform().name("drill-probe").daemon().start(() -> {
            try {
                Thread.sleep(wait);
                var began = parts.clock().instant();
                var seen = Prober.run(service.get(), Duration.ofMillis(millis));
                end(new DrillResult(
                        drill.id(),
                        "PROBED",
                        began,
                        null,
                        seen.longestGapMs(),
                        seen.probes(),
                        seen.failed(),
                        null,
                        null,
                        seen.answered() == 0 ? "nobody answered at " + service.get() : null));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                thread.run(() -> lingering.measure(false));
            }
        });
    }

    /** Until the addresses are where they were before. */
    private static long recovery(HaSettings ha) {
        return Math.min(60_000, 2 * ha.detectionMs() + (long) ha.peerCheckIntervalMs() * ha.peerRecoveryThreshold());
    }

    private Optional<InetSocketAddress> serviceOf(Drill drill, InstancePlan plan) {
        var addresses = plan.routers().stream()
                .filter(router -> router.name().equals(drill.router()))
                .flatMap(router -> router.addresses().stream())
                .map(address -> InetAddress.ofLiteral(address.address()))
                .toList();
        return parts.passages().get().stream()
                .filter(passage -> addresses.contains(InetAddress.ofLiteral(passage.address())))
                .map(Drills::socket)
                .findFirst();
    }

    private static InetSocketAddress socket(Passage passage) {
        return new InetSocketAddress(InetAddress.ofLiteral(passage.address()), passage.port());
    }

    private DrillResult refused(Drill drill, String problem) {
        var role = drill.role() == Drill.Role.YIELD ? "YIELDED" : "PROBED";
        return new DrillResult(drill.id(), role, parts.clock().instant(), null, null, null, null, null, null, problem);
    }

    private void end(DrillResult result) {
        results.add(result);
        parts.changed().run();
    }
}
