package io.garrison.licensing;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that this installation wrote with its time: an entry, a certificate. It proves that it was that late once, so
 * that a clock set back wins nothing even where the latest time seen was lost or set back too.
 */
public interface TimeEvidence {

    /** The newest of all tenants. Called with no tenant bound and outside of any transaction. */
    Optional<Instant> newest();
}
