package io.garrison.edge.telemetry;

import io.garrison.protocol.Telemetry.AccessEvent;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gathers events until there are as many as a batch holds, or for a while. Whoever brings an event never waits for the
 * disk: while somebody else writes, events gather further, up to the queue's size; beyond that they are dropped and
 * counted. Thread-safe.
 */
public final class EventBuffer {

    private final Spool spool;
    private final Runnable full;
    private final int batch;
    private final long patienceNanos;
    private final int queueSize;
    private final ArrayDeque<AccessEvent> gathered = new ArrayDeque<>();
    private final ReentrantLock pouring = new ReentrantLock();
    private long flushedNanos;
    private boolean unforced;

    /**
     * @param full told when a batch has gone to the spool
     * @param batch events, at least 1
     * @param patienceNanos after which a smaller batch goes as well
     * @param queueSize events that may wait, not less than a batch
     */
    public EventBuffer(Spool spool, Runnable full, int batch, long patienceNanos, int queueSize) {
        this.spool = spool;
        this.full = full;
        this.batch = batch;
        this.patienceNanos = patienceNanos;
        this.queueSize = queueSize;
    }

    public void add(AccessEvent event) {
        boolean ready;
        synchronized (gathered) {
            if (gathered.size() >= queueSize) {
                spool.countDropped(1);
                return;
            }
            gathered.add(event);
            ready = gathered.size() >= batch;
        }
        // Whoever has the lock pours what gathered meanwhile, or the next event does.
        if (ready && pouring.tryLock()) {
            try {
                pour(batch);
            } finally {
                pouring.unlock();
            }
            full.run();
        }
    }

    /** Called every second or so. */
    public void tend(long monoNanos) throws IOException {
        pouring.lock();
        try {
            if (monoNanos - flushedNanos < patienceNanos) {
                return;
            }
            flushedNanos = monoNanos;
            if (pour(1)) {
                full.run();
            }
            if (unforced) {
                spool.force();
                unforced = false;
            }
        } finally {
            pouring.unlock();
        }
    }

    /** Puts what is gathered into the spool, durably. */
    public void flush() throws IOException {
        pouring.lock();
        try {
            pour(1);
            spool.force();
            unforced = false;
        } finally {
            pouring.unlock();
        }
    }

    /** As long as there are that many, batch by batch. @return whether there were any */
    private boolean pour(int least) {
        boolean any = false;
        for (var events = take(least); !events.isEmpty(); events = take(least)) {
            spool.addEvents(events);
            unforced = true;
            any = true;
        }
        return any;
    }

    private List<AccessEvent> take(int least) {
        synchronized (gathered) {
            if (gathered.size() < least) {
                return List.of();
            }
            var events = new ArrayList<AccessEvent>(Math.min(batch, gathered.size()));
            while (!gathered.isEmpty() && events.size() < batch) {
                events.add(gathered.poll());
            }
            return events;
        }
    }
}
