package io.garrison.licensing;

import java.time.Duration;
import java.time.Instant;

/**
 * What to do with seats that a change takes away while instances run on them. Traffic goes on in each case.
 *
 * @param graceHours how long such a seat may still be kept, 0 to {@value #MAX_GRACE_HOURS}; says nothing with REFUSE
 */
public record LeaseRule(IfLeasesBreak ifLeasesBreak, int graceHours) {

    public static final int MAX_GRACE_HOURS = 2160;
    public static final LeaseRule REFUSE = new LeaseRule(IfLeasesBreak.REFUSE, 0);

    public enum IfLeasesBreak {
        /** The change is refused. */
        REFUSE,
        /** The newest instances are asked to drain, and give their seats up when drained or after the grace. */
        DRAIN,
        /** The newest instances give their seats up after the grace. */
        GRACE
    }

    public LeaseRule {
        if (graceHours < 0 || graceHours > MAX_GRACE_HOURS) {
            throw new IllegalArgumentException("a grace has 0 to " + MAX_GRACE_HOURS + " hours, not " + graceHours);
        }
    }

    Instant giveUpAt(Instant now) {
        return now.plus(Duration.ofHours(graceHours));
    }
}
