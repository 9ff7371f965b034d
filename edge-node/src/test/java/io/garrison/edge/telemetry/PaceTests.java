package io.garrison.edge.telemetry;

import static io.garrison.edge.testing.ScriptedGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.haproxy.WorkerCounters;
import io.garrison.protocol.Telemetry.AccessEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PX-15 to PX-18: batches, patience, length of samples and the queue are as they were set. */
class PaceTests {

    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path directory;

    @Test
    void eventsGoWhenThereAreAsManyAsABatchHolds() throws IOException {
        for (int batch : new int[] {1, 4}) {
            try (var spool = new Spool(directory.resolve("batch-" + batch), 1 << 20, Clock.systemUTC())) {
                var poured = new AtomicInteger();
                var events = new EventBuffer(spool, poured::incrementAndGet, batch, SECOND, 100);
                for (int i = 0; i < 8; i++) {
                    events.add(event());
                }
                assertThat(poured).hasValue(8 / batch);
                assertThat(spool.state().records()).isEqualTo(8);
            }
        }
    }

    @Test
    void fewerGoAfterAWhile() throws IOException {
        for (long patience : new long[] {2 * SECOND, 7 * SECOND}) {
            try (var spool = new Spool(directory.resolve("patience-" + patience), 1 << 20, Clock.systemUTC())) {
                var events = new EventBuffer(spool, () -> {}, 100, patience, 100);
                events.tend(100 * SECOND);
                events.add(event());
                events.tend(100 * SECOND + patience - 1);
                assertThat(spool.state().records()).isZero();
                events.tend(100 * SECOND + patience);
                assertThat(spool.state().records()).isEqualTo(1);
            }
        }
    }

    @Test
    void noMoreWaitThanTheQueueHoldsWhileTheDiskIsBusyAndTheRestIsCounted() throws Exception {
        for (int queue : new int[] {5, 9}) {
            try (var spool = new Spool(directory.resolve("queue-" + queue), 1 << 20, Clock.systemUTC())) {
                var events = new EventBuffer(spool, () -> {}, 2, SECOND, queue);
                Thread pouring;
                synchronized (spool) {
                    events.add(event());
                    pouring = Thread.ofPlatform().start(() -> events.add(event()));
                    await(
                            "it waits for the disk",
                            Duration.ofSeconds(5),
                            () -> pouring.getState() == Thread.State.BLOCKED);
                    for (int i = 0; i < 20; i++) {
                        events.add(event());
                    }
                }
                pouring.join();
                events.flush();
                assertThat(spool.state().dropped()).isEqualTo(20 - queue);
                assertThat(spool.state().records()).isEqualTo(2 + queue);
            }
        }
    }

    @Test
    void samplesAreAsLongAsTheyWereSet() {
        for (int seconds : new int[] {3, 10}) {
            var sampler = new Sampler(UUID::randomUUID, seconds * SECOND);
            var counters = List.<WorkerCounters>of(
                    new WorkerCounters(1, 1, false, true, "shop", true, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.0, 1, 1));
            sampler.read(counters, Instant.EPOCH, 0);
            for (int second = 1; second < seconds; second++) {
                assertThat(sampler.read(counters, Instant.EPOCH, second * SECOND))
                        .isEmpty();
            }
            assertThat(sampler.read(counters, Instant.EPOCH, seconds * SECOND))
                    .singleElement()
                    .matches(sample -> sample.seconds() == seconds);
        }
    }

    private static AccessEvent event() {
        return new AccessEvent(
                UUID.randomUUID(),
                Instant.now(),
                "shop",
                "192.0.2.1",
                1,
                "GET",
                "shop.example",
                "/",
                "probe",
                200,
                1,
                2,
                0.5,
                "web",
                "web/1",
                "----",
                "ALLOWED",
                null);
    }
}
