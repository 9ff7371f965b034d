package io.garrison.protocol;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What time it is for licences, at both ends: never earlier than the latest time that was seen, and not later than a
 * sudden jump of the clock would have it.
 *
 * <p>A clock that goes back makes time stand still until it has caught up. A clock that jumps ahead by more than
 * {@link #LONGEST_STEP} is not believed at once: time runs on at the clock's pace from where it was, until the jump is
 * confirmed or has lasted for {@link #PATIENCE}, or the clock comes back. So a battery that failed, or a finger that
 * slipped, does not burn every licence for ever, and what it wins is three days at most.
 *
 * @param mark the latest time that was seen; {@link Instant#EPOCH} if none was
 * @param jump a jump that is not believed yet
 */
public record SeenTime(Instant mark, @Nullable Jump jump) {

    /** A clock this far behind the latest time seen is worth an alarm. */
    public static final Duration TOLERATED = Duration.ofHours(1);

    /** A larger step ahead is not believed at once. */
    public static final Duration LONGEST_STEP = Duration.ofDays(30);

    /** A jump that has lasted this long, by its own clock, is believed. */
    public static final Duration PATIENCE = Duration.ofHours(72);

    public static final SeenTime NOTHING = new SeenTime(Instant.EPOCH, null);

    /**
     * @param ahead how far the clock is ahead of the time that counts
     * @param since the time that counted when it was first noticed
     */
    public record Jump(Duration ahead, Instant since) {}

    /** How the clock stands to the time that counts. */
    public enum State {
        STEADY,
        /** More than an hour behind the latest time seen: licences go by the latter. */
        BEHIND,
        /** It jumped ahead by more than 30 days, which is not believed yet. */
        AHEAD
    }

    /** After a look at the clock. Never goes back. */
    public SeenTime observe(Instant clock) {
        if (mark.equals(Instant.EPOCH)) {
            return new SeenTime(clock, null);
        }
        if (!clock.isAfter(mark.plus(LONGEST_STEP))) {
            return new SeenTime(later(mark, clock), null);
        }
        if (jump == null) {
            return jumped(clock);
        }
        var shifted = clock.minus(jump.ahead);
        boolean anotherJump = shifted.isBefore(mark.minus(TOLERATED)) || shifted.isAfter(mark.plus(LONGEST_STEP));
        return anotherJump ? jumped(clock) : new SeenTime(later(mark, shifted), jump);
    }

    private SeenTime jumped(Instant clock) {
        return new SeenTime(mark, new Jump(Duration.between(mark, clock), mark));
    }

    /** What was written by this installation's own clock proves a time, but no jump. */
    public SeenTime written(@Nullable Instant at) {
        if (at == null || !at.isAfter(mark)) {
            return this;
        }
        boolean believed = mark.equals(Instant.EPOCH) || !at.isAfter(mark.plus(LONGEST_STEP));
        return believed ? new SeenTime(at, jump) : this;
    }

    /** What somebody else signed proves its time whatever the own clock says. */
    public SeenTime attested(@Nullable Instant at) {
        return at == null || !at.isAfter(mark) ? this : new SeenTime(at, jump);
    }

    /** Believes the clock, as a person decided. */
    public SeenTime confirmed(Instant clock) {
        return new SeenTime(later(mark, clock), null);
    }

    /** Believes a jump that has lasted long enough. */
    public SeenTime settled(Instant clock) {
        boolean lasted = jump != null && !mark.isBefore(jump.since.plus(PATIENCE));
        return lasted ? confirmed(clock) : this;
    }

    public State state(Instant clock) {
        if (jump != null) {
            return State.AHEAD;
        }
        return clock.isBefore(mark.minus(TOLERATED)) ? State.BEHIND : State.STEADY;
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
