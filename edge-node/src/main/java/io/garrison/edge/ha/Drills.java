package io.garrison.edge.ha;

import io.garrison.edge.events.EventJournal.Severity;
import io.garrison.edge.ha.DrillSessions.Had;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Takes part in rehearsed failovers. Belongs to the thread of the shared addresses. */
final class Drills {

    private static final Duration TOO_LATE = Duration.ofMinutes(1);
    private static final long LOOK_MS = 5;

    /** How long before the addresses move the holder begins to read which sessions it has: 100,000 take 2 s. */
    private static final long AHEAD_MS = 3_000;

    /** For the last of what the other has taken over to be read, s. */
    private static final int PATIENCE = 10;

    private final HaThread thread;
    private final Watched watched;
    private final Lingering lingering;
    private final HaParts parts;
    private final DrillResults results;
    private final DrillSessions sessions;
    private @Nullable UUID known;

    Drills(HaThread thread, Watched watched, Lingering lingering, HaParts parts, DrillResults results) {
        this.thread = thread;
        this.watched = watched;
        this.lingering = lingering;
        this.parts = parts;
        this.results = results;
        this.sessions = new DrillSessions(parts.sessions());
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
                case YIELD -> {
                    long at = thread.now() + wait;
                    thread.later(Math.max(0, wait - AHEAD_MS), () -> readAndGive(drill, plan, at));
                }
                case PROBE -> probe(drill, plan, wait);
            }
        }
    }

    /** Read while it still holds: what came of a client at the new holder comes back here. */
    private void readAndGive(Drill drill, InstancePlan plan, long at) {
        sessions.read(drill, plan, had -> thread.later(Math.max(0, at - thread.now()), () -> give(drill, had)));
    }

    private void give(Drill drill, Had had) throws IOException {
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
        thread.later(LOOK_MS, () -> awaitTakeover(drill, had, began, from));
    }

    private void awaitTakeover(Drill drill, Had had, Instant began, long from) throws IOException {
        long now = thread.now();
        boolean gone = !watched.roles().isMaster(drill.router());
        long hold = drill.holdSeconds() * 1_000L;
        if (!gone && now - from < hold) {
            thread.later(LOOK_MS, () -> awaitTakeover(drill, had, began, from));
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
                had.total(),
                gone ? null : "no peer took the addresses",
                had.marks());
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
        var taken = new CompletableFuture<Had>();
        thread.later(wait, () -> {
            lingering.measure(true);
            awaitOwn(drill, plan, thread.now() + millis, taken);
        });
        Thread.ofPlatform().name("drill-probe").daemon().start(() -> {
            try {
                Thread.sleep(wait);
                var began = parts.clock().instant();
                var seen = Prober.run(service.get(), Duration.ofMillis(millis));
                var has = taken.completeOnTimeout(Had.UNKNOWN, PATIENCE, TimeUnit.SECONDS)
                        .join();
                end(new DrillResult(
                        drill.id(),
                        "PROBED",
                        began,
                        null,
                        seen.longestGapMs(),
                        seen.probes(),
                        seen.failed(),
                        null,
                        has.total(),
                        seen.answered() == 0 ? "nobody answered at " + service.get() : null,
                        has.marks()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                thread.run(() -> lingering.measure(false));
            }
        });
    }

    /** Clients that were lost on the way have no entry yet when this instance has just taken the addresses over. */
    private void awaitOwn(Drill drill, InstancePlan plan, long until, CompletableFuture<Had> taken) {
        if (watched.roles().isMaster(drill.router())) {
            sessions.read(drill, plan, taken::complete);
        } else if (thread.now() < until) {
            thread.later(LOOK_MS, () -> awaitOwn(drill, plan, until, taken));
        } else {
            taken.complete(Had.UNKNOWN);
        }
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
