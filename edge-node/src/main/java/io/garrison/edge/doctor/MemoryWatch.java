package io.garrison.edge.doctor;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.LongSupplier;

/** Follows what an agent needs of its heap, for a day (DI-T21). Thread-safe. */
public final class MemoryWatch {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final int HOURS = 24;

    private final Clock clock;
    private final LongSupplier live;
    private final long most;
    private final ArrayDeque<Long> hours = new ArrayDeque<>();
    private Instant hourEnds;
    private long least = Long.MAX_VALUE;

    /** Of this process. */
    public MemoryWatch(Clock clock) {
        this(clock, MemoryWatch::afterCollection, Runtime.getRuntime().maxMemory());
    }

    MemoryWatch(Clock clock, LongSupplier live, long most) {
        this.clock = clock;
        this.live = live;
        this.most = most;
        this.hourEnds = clock.instant().plus(HOUR);
    }

    /** To be called every few seconds. */
    public synchronized void look() {
        least = Math.min(least, live.getAsLong());
        if (clock.instant().isBefore(hourEnds)) {
            return;
        }
        if (hours.size() == HOURS) {
            hours.removeFirst();
        }
        hours.addLast(least);
        least = Long.MAX_VALUE;
        hourEnds = clock.instant().plus(HOUR);
    }

    public synchronized Memory memory() {
        return new Memory(live.getAsLong(), most, List.copyOf(hours));
    }

    private static long afterCollection() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getCollectionUsage)
                .filter(usage -> usage != null)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }
}
