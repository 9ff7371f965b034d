package io.garrison.edge.cluster;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/** How often something has happened within {@link #WINDOW}, counted up to {@value #MOST}. Thread-safe. */
final class Recent {

    static final Duration WINDOW = Duration.ofMinutes(10);

    private static final int MOST = 100;

    private final Clock clock;
    private final ArrayDeque<Instant> times = new ArrayDeque<>();

    Recent(Clock clock) {
        this.clock = clock;
    }

    synchronized void happened() {
        if (times.size() == MOST) {
            times.removeFirst();
        }
        times.addLast(clock.instant());
    }

    synchronized int count() {
        var now = clock.instant();
        // What lies ahead was noted before the clock was set back.
        times.removeIf(at -> at.isAfter(now) || at.plus(WINDOW).isBefore(now));
        return times.size();
    }
}
