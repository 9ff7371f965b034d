package io.garrison.licensing;

import java.time.Instant;

/**
 * When a sub-licence steps down, unless it is renewed.
 *
 * @param expiring from when it counts as about to end
 * @param grace its end, where its days of grace begin
 * @param restricted from when its seats are not renewed
 * @param frozen from when nothing under it can be changed
 */
public record LadderDates(Instant expiring, Instant grace, Instant restricted, Instant frozen) {

    public static LadderDates of(Instant validUntil, int graceDays) {
        var graceEnds = Ladder.graceEnds(validUntil, graceDays);
        return new LadderDates(
                validUntil.minus(Ladder.EXPIRING), validUntil, graceEnds, graceEnds.plus(Ladder.RESTRICTED));
    }
}
