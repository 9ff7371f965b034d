package io.garrison.edge.ha;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** Counts flaps within a sliding window, of the router that has most of them. Times are those of one clock, ms. */
final class FlapWindow {

    /** More are not needed to be over any limit. */
    private static final int MOST = 256;

    private final Map<String, ArrayDeque<Long>> flaps = new HashMap<>();

    void add(String router, long at) {
        var own = flaps.computeIfAbsent(router, name -> new ArrayDeque<>());
        if (own.size() == MOST) {
            own.removeFirst();
        }
        own.addLast(at);
    }

    int count(long now, long windowMs) {
        flaps.values().forEach(own -> {
            while (!own.isEmpty() && own.getFirst() <= now - windowMs) {
                own.removeFirst();
            }
        });
        return flaps.values().stream().mapToInt(ArrayDeque::size).max().orElse(0);
    }

    void clear() {
        flaps.clear();
    }
}
