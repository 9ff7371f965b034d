package io.garrison.edge.meter;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The time that usage belongs to, which is the machine's as long as that can be right. A clock that jumps is not
 * believed unless management's has come to the same time; until it is known what management's says, time runs on at its own
 * pace. Where the two differ, management's counts, because no register that was read later is taken there.
 *
 * <p>Time does not go back. When the clock is set back a little, this one goes on at half speed until the other has
 * caught up. Only if it is far ahead of management's does it begin anew there.
 */
final class BucketClock {

    /** Less is not worth a doubt. Below what management takes from the future. */
    private static final Duration TOLERATED = Duration.ofMinutes(5);

    private Instant at;
    private long monoNanos;
    private boolean runs;
    private @Nullable Beacon heard;
    private volatile @Nullable Beacon beacon;

    /** @param runs whether its time has been right, and all that has passed since was counted by the monotonic clock */
    BucketClock(Instant at, long monoNanos, boolean runs) {
        this.at = at;
        this.monoNanos = monoNanos;
        this.runs = runs;
    }

    /** Counts once it was said twice in a row. Thread-safe. */
    synchronized void attest(Beacon said) {
        if (heard != null && said.agreesWith(heard)) {
            beacon = said;
        }
        heard = said;
    }

    /** @return the time since the last call */
    Span advance(Instant wall, long nowNanos) {
        long elapsed = Math.max(0, nowNanos - monoNanos);
        var told = beacon;
        var expected = told != null ? told.at(nowNanos) : runs ? at.plusNanos(elapsed) : wall;
        boolean believed = !isFar(Duration.between(expected, wall));
        var time = believed ? wall : expected;
        boolean back = told != null && isFar(Duration.between(time, at)) && time.isBefore(at);
        var slow = at.plusNanos(elapsed / 2);
        var next = back || time.isAfter(slow) ? time : slow;
        boolean doubtful = !believed || Duration.between(time, next).compareTo(Span.LONGEST_TICK) > 0;
        var span = new Span(at, next, monoNanos, elapsed, doubtful);
        at = next;
        monoNanos = nowNanos;
        runs = true;
        return span;
    }

    Instant at() {
        return at;
    }

    long monoNanos() {
        return monoNanos;
    }

    /** Whether one of the two is wrong, of a time that has passed and the machine's clock after it. */
    static boolean isWrong(Instant passed, Instant wall) {
        return wall.isBefore(passed) && isFar(Duration.between(wall, passed));
    }

    static boolean isFar(Duration difference) {
        return difference.abs().compareTo(TOLERATED) > 0;
    }
}
