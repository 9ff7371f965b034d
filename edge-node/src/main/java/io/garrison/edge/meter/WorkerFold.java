package io.garrison.edge.meter;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the counters of workers that come and go into increments per service. HAProxy's counters start from zero in
 * every worker, so each worker is followed by itself.
 *
 * <p>What can go uncounted: a worker that disappears takes with it what it counted after its last reading, at most one
 * second of traffic. Nothing is lost if it was stopping and had no connection left at that reading, as is every worker
 * that a reload replaced.
 *
 * <p>A worker that could not be read looks like one that is gone. So the newest that went are remembered, and one that
 * comes back goes on from where it was.
 */
final class WorkerFold {

    /** They are written with every reading. Of more that go at once, none is forgotten before another goes. */
    private static final int REMEMBERED = 8;

    private Map<String, Seen> workers;
    private final LinkedHashMap<String, Seen> departed;

    /** @param quiet whether nothing can be counted any more */
    record Seen(boolean quiet, Map<String, Counts> services) {}

    /**
     * @param increments by service
     * @param uncertain services of which something may have been missed
     * @param restarted services of which a counter went backwards
     * @param late services of which something is told of a worker that was taken for gone
     * @param fresh services of which a worker has counted that was never read before
     */
    record Fold(
            Map<String, Counts> increments,
            Set<String> uncertain,
            Set<String> restarted,
            Set<String> late,
            Set<String> fresh) {}

    /** @param departed those that went, the newest last */
    WorkerFold(Map<String, Seen> workers, Map<String, Seen> departed) {
        this.workers = new HashMap<>(workers);
        this.departed = new LinkedHashMap<>(departed);
    }

    /** @param baseline whether what the workers have counted so far was counted before */
    Fold fold(List<Snapshot.Worker> alive, boolean baseline) {
        var fold = new Fold(new HashMap<>(), new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
        var next = new HashMap<String, Seen>();
        int gone = 0;
        for (var worker : alive) {
            boolean wasGone = departed.containsKey(worker.id());
            var former = former(worker.id());
            var seen = new Seen(worker.stopping() && worker.connectionsNow() == 0, worker.services());
            if (!worker.last()) {
                next.put(worker.id(), seen);
            } else if (!worker.complete()) {
                departed.put(worker.id(), seen);
                gone++;
                if (former == null || !former.quiet()) {
                    fold.uncertain().addAll(worker.services().keySet());
                }
            }
            worker.services().forEach((service, now) -> {
                var before = former == null
                        ? (baseline ? now : Counts.ZERO)
                        : former.services().getOrDefault(service, Counts.ZERO);
                if (!now.follows(before)) {
                    fold.restarted().add(service);
                    before = Counts.ZERO;
                }
                var more = now.minus(before);
                fold.increments().merge(service, more, Counts::plus);
                if (former == null && !more.equals(Counts.ZERO)) {
                    fold.fresh().add(service);
                } else if (wasGone && !more.equals(Counts.ZERO)) {
                    fold.late().add(service);
                }
            });
        }
        workers.forEach((id, seen) -> {
            departed.put(id, seen);
            if (!seen.quiet()) {
                fold.uncertain().addAll(seen.services().keySet());
            }
        });
        gone += workers.size();
        workers = next;
        while (gone > 0 && departed.size() > Math.max(REMEMBERED, gone)) {
            departed.pollFirstEntry();
        }
        return fold;
    }

    private @Nullable Seen former(String id) {
        var seen = workers.remove(id);
        return seen == null ? departed.remove(id) : seen;
    }

    /** Whether any of the workers that were seen last is among these. */
    boolean knowsAny(List<Snapshot.Worker> alive) {
        return alive.stream().anyMatch(worker -> workers.containsKey(worker.id()));
    }

    Map<String, Seen> seen() {
        return Map.copyOf(workers);
    }

    /** In the order in which they went. */
    Map<String, Seen> departed() {
        return new LinkedHashMap<>(departed);
    }
}
