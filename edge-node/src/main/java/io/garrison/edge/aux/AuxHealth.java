package io.garrison.edge.aux;

import io.garrison.protocol.Availability.Fault;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether shared state really passes between the instances of the stack. May be used from any thread. */
public interface AuxHealth {

    /** When something of another member arrived last; null if there is none to share with, or none did yet. */
    @Nullable
    Instant exchangedAt();

    /**
     * How long a sign of life takes from one member's agent to another's, 95th percentile of the latest
     * {@value Convergence#SAMPLES}, ms. Clocks that differ count in, and so does the time between two looks,
     * {@value AuxPlane#LOOK_MS} ms at most. Null until it was measured.
     */
    @Nullable
    Double convergenceP95Ms();

    /** {@code aux-stale} and {@code aux-unavailable}, while they hold. */
    List<Fault> faults();
}
