package io.garrison.edge.sync;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A configuration that was changed on the machine: shown first, healed then. */
final class Drift {

    static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Logger log = LoggerFactory.getLogger(Drift.class);

    private volatile boolean reported;
    private @Nullable Instant seen;

    /** Management has been told. May be called from any thread. */
    void reported() {
        reported = true;
    }

    /** Whether it has been told, or seen for long enough; then it counts as healed. */
    boolean isToBeHealed(boolean drifted, Instant now) {
        if (!drifted) {
            seen = null;
            reported = false;
            return false;
        }
        if (seen == null) {
            seen = now;
            log.warn("The running configuration was changed on this machine");
            return false;
        }
        boolean due = reported || now.isAfter(seen.plus(PATIENCE));
        if (due) {
            seen = null;
            reported = false;
        }
        return due;
    }
}
