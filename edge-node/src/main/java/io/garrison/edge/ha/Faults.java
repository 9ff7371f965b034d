package io.garrison.edge.ha;

import io.garrison.protocol.Availability.Fault;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is wrong now, by its code. Thread-safe. */
final class Faults {

    private final Clock clock;
    private final Map<String, Fault> now = new TreeMap<>();

    Faults(Clock clock) {
        this.clock = clock;
    }

    /** @return whether that is news */
    synchronized boolean set(String code, boolean on, String message) {
        if (!on) {
            return now.remove(code) != null;
        }
        var former = now.get(code);
        now.put(code, new Fault(code, message, former == null ? clock.instant() : former.since()));
        return former == null;
    }

    synchronized void clear() {
        now.clear();
    }

    synchronized List<Fault> told() {
        return List.copyOf(now.values());
    }
}
