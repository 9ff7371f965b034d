package io.garrison.edge.doctor;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Probes with a limit for all of them together: a resolver or a file system may answer never. */
final class Timed {

    private Timed() {}

    /** @return what they found; if they have not come to an end, that instead */
    static List<Finding> within(Duration limit, Layer layer, Callable<List<Finding>> probes)
            throws InterruptedException {
        var task = new FutureTask<>(probes);
        var thread = Thread.ofPlatform().name("doctor").daemon().start(task);
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return List.of(Finding.bad(
                    layer,
                    layer.name().toLowerCase(Locale.ROOT) + ".time",
                    "no end within " + limit.toSeconds() + " s",
                    "Something here does not answer at all: look at name servers, disks and routes."));
        } catch (ExecutionException e) {
            throw new IllegalStateException("a probe of " + layer + " failed", e.getCause());
        } finally {
            thread.interrupt();
        }
    }
}
