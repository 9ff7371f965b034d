package io.garrison.edge.ha;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** Counts changes of role within a sliding window, of the router that has most of them. Times are those of one clock, ms. */
final class FlapWindow {

    /** More are not needed to be over any limit. */
    private static final int MOST = 256;

    private final Map<String, ArrayDeque<Long>> changes = new HashMap<>();

    void add(String router, long at) {
        var own = changes.computeIfAbsent(router, name -> new ArrayDeque<>());
        if (own.size() == MOST) {
            own.removeFirst();
        }
        own.addLast(at);
    }

    int count(long now, long windowMs) {
        changes.values().forEach(own -> {
            while (!own.isEmpty() && own.getFirst() <= now - windowMs) {
                own.removeFirst();
            }
        });
        return changes.values().stream().mapToInt(ArrayDeque::size).max().orElse(0);
    }

    void clear() {
        changes.clear();
    }
}
