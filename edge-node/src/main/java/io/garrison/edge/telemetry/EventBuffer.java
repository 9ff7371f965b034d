package io.garrison.edge.telemetry;

import io.garrison.protocol.Telemetry.AccessEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Gathers events until there are a hundred, or five seconds have passed. Thread-safe. */
public final class EventBuffer {

    static final int BATCH = 100;
    static final long PATIENCE_NANOS = 5_000_000_000L;

    private final Spool spool;
    private final Runnable full;
    private List<AccessEvent> gathered = new ArrayList<>();
    private long flushedNanos;
    private boolean unforced;

    /** @param full told when a batch has gone to the spool */
    public EventBuffer(Spool spool, Runnable full) {
        this.spool = spool;
        this.full = full;
    }

    public synchronized void add(AccessEvent event) {
        gathered.add(event);
        if (gathered.size() >= BATCH) {
            pour();
            full.run();
        }
    }

    /** Called every second or so. */
    public synchronized void tend(long monoNanos) throws IOException {
        if (monoNanos - flushedNanos < PATIENCE_NANOS) {
            return;
        }
        flushedNanos = monoNanos;
        if (!gathered.isEmpty()) {
            pour();
            full.run();
        }
        if (unforced) {
            spool.force();
            unforced = false;
        }
    }

    /** Puts what is gathered into the spool, durably. */
    public synchronized void flush() throws IOException {
        pour();
        spool.force();
        unforced = false;
    }

    private void pour() {
        spool.addEvents(gathered);
        gathered = new ArrayList<>();
        unforced = true;
    }
}
