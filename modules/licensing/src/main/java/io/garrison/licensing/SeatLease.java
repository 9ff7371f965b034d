package io.garrison.licensing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A seat that is held.
 *
 * @param until when it is free for another unless renewed, to the second
 * @param offline whether it was given out as a file, and so stays taken until then or until its receipt comes
 * @param signed the lease as the instance keeps it; see {@link io.garrison.protocol.LeaseSigning}
 */
public record SeatLease(
        Instant until, boolean offline, @Nullable String signed) {}
