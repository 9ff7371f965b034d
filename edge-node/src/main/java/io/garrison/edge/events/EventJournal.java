package io.garrison.edge.events;

import io.garrison.protocol.Availability.Event;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events that management has not taken yet, at most {@value #CAPACITY}: then the oldest go. They are in the log of the
 * agent as well. May be called from any thread.
 */
public final class EventJournal {

    /** Ends the sequence's gaps: whoever reads the events sees that some are missing. */
    private static final int CAPACITY = 1_000;

    private static final int AT_ONCE = 100;

    private static final Logger log = LoggerFactory.getLogger(EventJournal.class);

    private final ArrayDeque<Event> waiting = new ArrayDeque<>();
    private final UUID bootId = UUID.randomUUID();
    private final Clock clock;
    private final Runnable soon;
    private long sequence;

    public enum Severity {
        INFO,
        WARNING,
        /** Somebody has to look. */
        ALARM
    }

    /** @param soon lets the next report go out at once; called for what is more than INFO */
    public EventJournal(Clock clock, Runnable soon) {
        this.clock = clock;
        this.soon = soon;
    }

    /** @param code stable, dotted, lower case */
    public void record(String code, Severity severity, String message) {
        synchronized (waiting) {
            if (waiting.size() == CAPACITY) {
                waiting.removeFirst();
            }
            waiting.addLast(new Event(bootId, ++sequence, clock.instant(), code, severity.name(), message));
        }
        if (severity == Severity.INFO) {
            log.info("[{}] {}", code, message);
            return;
        }
        log.warn("[{}] {}", code, message);
        soon.run();
    }

    /** The oldest that wait, at most {@value #AT_ONCE}, in order. */
    public List<Event> waiting() {
        synchronized (waiting) {
            return waiting.stream().limit(AT_ONCE).toList();
        }
    }

    /** Forgets everything up to this sequence. */
    public void taken(long upTo) {
        synchronized (waiting) {
            while (!waiting.isEmpty() && waiting.getFirst().sequence() <= upTo) {
                waiting.removeFirst();
            }
        }
    }
}
