package io.garrison.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.UUID;

/**
 * Every record of this stream and epoch up to and including {@code sequence} is present, and those of {@code beyond}.
 *
 * @param beyond what is present after a gap, ascending; at most {@link #MAX_RANGES}. What is missing in between may never
 *     come, because management was restored from a backup and the edge has forgotten it, or because it was refused.
 *     Registers are cumulative, so later records hold what it counted
 */
public record MeterAck(
        UUID stream,
        long epoch,
        long sequence,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Range> beyond) {

    public static final int MAX_RANGES = 64;

    /** From {@code first} to {@code last}, both included. */
    public record Range(long first, long last) {}

    public MeterAck {
        beyond = Absent.orEmpty(beyond);
    }

    public MeterAck(UUID stream, long epoch, long sequence) {
        this(stream, epoch, sequence, List.of());
    }
}
