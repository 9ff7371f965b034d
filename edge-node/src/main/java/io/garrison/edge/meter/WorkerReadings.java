package io.garrison.edge.meter;

import io.garrison.edge.haproxy.WorkerCounters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sorts counters by worker, and tells the worker that takes connections from those that were replaced. */
public final class WorkerReadings {

    private final Map<String, Long> order = new HashMap<>();
    private long next;

    private static final class Reading {
        private boolean last;
        private boolean complete;
        private long connectionsNow;
        private final Map<String, Counts> services = new HashMap<>();
    }

    public List<Snapshot.Worker> of(List<WorkerCounters> counters) {
        var readings = new LinkedHashMap<String, Reading>();
        var inOrderOfStart = new ArrayList<>(counters);
        inOrderOfStart.sort((a, b) -> a.startedAt() == b.startedAt()
                ? Long.compare(a.pid(), b.pid())
                : Long.compare(a.startedAt(), b.startedAt()));
        for (var counter : inOrderOfStart) {
            var id = counter.pid() + "/" + counter.startedAt();
            order.computeIfAbsent(id, fresh -> next++);
            var reading = readings.computeIfAbsent(id, fresh -> new Reading());
            reading.last = counter.last();
            reading.complete = counter.complete();
            reading.connectionsNow += counter.connectionsNow();
            reading.services.put(
                    counter.virtualService(),
                    new Counts(counter.bytesIn(), counter.bytesOut(), counter.requests(), counter.connections()));
        }
        order.keySet().retainAll(readings.keySet());
        long newest = readings.entrySet().stream()
                .filter(entry -> !entry.getValue().last)
                .mapToLong(entry -> order.getOrDefault(entry.getKey(), 0L))
                .max()
                .orElse(Long.MAX_VALUE);
        var workers = new ArrayList<Snapshot.Worker>();
        readings.forEach((id, reading) -> workers.add(new Snapshot.Worker(
                id,
                order.getOrDefault(id, 0L) < newest,
                reading.last,
                reading.complete,
                reading.connectionsNow,
                Map.copyOf(reading.services))));
        return workers;
    }
}
