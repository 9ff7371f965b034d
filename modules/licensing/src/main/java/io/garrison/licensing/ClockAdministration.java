package io.garrison.licensing;

import io.garrison.protocol.SeenTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How this installation's clock stands to the time that licences go by, and what the provider decides about it. */
public interface ClockAdministration {

    ClockSummary get();

    /**
     * Believes the clock from now on: the time that licences go by becomes the clock's, and never goes back behind it.
     * Changes nothing while the clock has not jumped ahead.
     */
    ClockSummary confirm();

    /**
     * @param clock what the clock says
     * @param effective the time that licences go by
     * @param state STEADY; BEHIND: the clock went back by more than an hour; AHEAD: it jumped by more than 30 days, which is
     *     not believed yet
     * @param ahead how far the clock is ahead, while that is not believed
     * @param believedFrom when a jump is believed by itself, on the time that licences go by
     */
    record ClockSummary(
            Instant clock,
            Instant effective,
            SeenTime.State state,
            @Nullable Duration ahead,
            @Nullable Instant believedFrom) {}
}
