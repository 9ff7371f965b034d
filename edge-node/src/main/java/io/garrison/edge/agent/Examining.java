package io.garrison.edge.agent;

import io.garrison.edge.doctor.Diagnosis;
import io.garrison.protocol.Examination;
import io.garrison.protocol.Examination.Finding;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the doctor look when management wants it, beside all else, and keeps what it found until management has it. */
final class Examining {

    private static final Logger log = LoggerFactory.getLogger(Examining.class);

    private final Callable<Diagnosis> doctor;
    private final Duration limit;
    private final Runnable soon;
    private final Clock clock;
    private @Nullable UUID wanted;
    private @Nullable Examination result;

    /**
     * @param limit after which it is given up
     * @param soon lets the next report go out at once
     */
    Examining(Callable<Diagnosis> doctor, Duration limit, Runnable soon, Clock clock) {
        this.doctor = doctor;
        this.limit = limit;
        this.soon = soon;
        this.clock = clock;
    }

    /** What the wanted one found, once it has come to its end. */
    synchronized @Nullable Examination told() {
        return result;
    }

    /** @param id of the one that management wants; null if it wants none, or has it */
    synchronized void answered(@Nullable UUID id) {
        if (id == null) {
            result = null;
        } else if (!id.equals(wanted)) {
            wanted = id;
            result = null;
            Thread.ofPlatform().name("examination").daemon().start(() -> run(id));
        }
    }

    private void run(UUID id) {
        var startedAt = clock.instant();
        var task = new FutureTask<>(doctor);
        var thread = Thread.ofPlatform().name("examination-probes").daemon().start(task);
        try {
            found(id, startedAt, findings(task.get(limit.toMillis(), TimeUnit.MILLISECONDS)), null);
        } catch (TimeoutException e) {
            found(id, startedAt, List.of(), "It had not come to its end after " + limit.toSeconds() + " s.");
        } catch (ExecutionException e) {
            log.warn("The examination failed", e.getCause());
            found(id, startedAt, List.of(), "It failed: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            thread.interrupt();
        }
    }

    private void found(UUID id, Instant startedAt, List<Finding> findings, @Nullable String problem) {
        synchronized (this) {
            if (!id.equals(wanted)) {
                return; // another is wanted meanwhile
            }
            result = new Examination(id, startedAt, clock.instant(), findings, problem);
        }
        soon.run();
    }

    private static List<Finding> findings(Diagnosis diagnosis) {
        return diagnosis.findings().stream()
                .map(finding -> new Finding(
                        finding.id(), finding.layer().name(), finding.outcome().name(), finding.found(), finding.fix()))
                .toList();
    }
}
