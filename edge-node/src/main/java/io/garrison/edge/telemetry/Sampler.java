package io.garrison.edge.telemetry;

import io.garrison.edge.haproxy.WorkerCounters;
import io.garrison.protocol.Telemetry.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/** Makes samples of one-second readings. For charts; the bill has the meter. Not thread-safe. */
public final class Sampler {

    private static final int FIELDS = 9;

    private final Supplier<UUID> ids;
    private final long intervalNanos;
    private Map<String, long[]> workers = new HashMap<>();
    private final Map<String, Sum> sums = new TreeMap<>();
    private boolean started;
    private long startedNanos;

    private static final class Sum {
        private final long[] counted = new long[FIELDS];
        private long connectionsNow;
        private long newestWorker = Long.MIN_VALUE;
        private double latencyMs = -1;
        private int membersUp;
        private int membersTotal;
    }

    /** @param intervalNanos length of a sample */
    public Sampler(Supplier<UUID> ids, long intervalNanos) {
        this.ids = ids;
        this.intervalNanos = intervalNanos;
    }

    /** @return the samples of the interval that ended now; mostly none */
    public List<Sample> read(List<WorkerCounters> counters, Instant at, long monoNanos) {
        if (!started) {
            // What was counted before this agent began belongs to intervals that are over.
            counters.forEach(counter -> workers.put(key(counter), fields(counter)));
            started = true;
            startedNanos = monoNanos;
            return List.of();
        }
        add(counters);
        long elapsed = monoNanos - startedNanos;
        if (elapsed < intervalNanos) {
            return List.of();
        }
        int seconds = (int) Math.max(1, Math.round(elapsed / 1e9));
        var samples = new ArrayList<Sample>();
        sums.forEach((service, sum) -> samples.add(sample(service, sum, at, seconds)));
        sums.clear();
        startedNanos = monoNanos;
        return samples;
    }

    private void add(List<WorkerCounters> counters) {
        var next = new HashMap<String, long[]>();
        sums.values().forEach(sum -> {
            sum.connectionsNow = 0;
            sum.newestWorker = Long.MIN_VALUE;
        });
        for (var counter : counters) {
            var now = fields(counter);
            var former = workers.getOrDefault(key(counter), new long[FIELDS]);
            var sum = sums.computeIfAbsent(counter.virtualService(), service -> new Sum());
            for (int i = 0; i < FIELDS; i++) {
                sum.counted[i] += Math.max(0, now[i] - former[i]);
            }
            if (counter.last()) {
                continue;
            }
            next.put(key(counter), now);
            sum.connectionsNow += counter.connectionsNow();
            if (counter.startedAt() >= sum.newestWorker) {
                sum.newestWorker = counter.startedAt();
                sum.latencyMs = counter.averageTotalMs();
                sum.membersUp = counter.membersUp();
                sum.membersTotal = counter.membersTotal();
            }
        }
        workers = next;
    }

    private Sample sample(String service, Sum sum, Instant at, int seconds) {
        var counted = sum.counted;
        return new Sample(
                ids.get(),
                at,
                seconds,
                service,
                counted[0],
                counted[1],
                counted[2],
                counted[3],
                sum.connectionsNow,
                counted[4],
                counted[5],
                counted[6],
                counted[7],
                counted[8],
                counted[2] > 0 ? sum.latencyMs : -1,
                sum.membersUp,
                sum.membersTotal);
    }

    private static String key(WorkerCounters counter) {
        return counter.pid() + "/" + counter.startedAt() + "/" + counter.virtualService();
    }

    private static long[] fields(WorkerCounters counter) {
        return new long[] {
            counter.bytesIn(),
            counter.bytesOut(),
            counter.requests(),
            counter.connections(),
            counter.denied(),
            counter.status2xx(),
            counter.status3xx(),
            counter.status4xx(),
            counter.status5xx()
        };
    }
}
