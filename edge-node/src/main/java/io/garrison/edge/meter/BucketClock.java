package io.garrison.edge.meter;

import java.time.Instant;

/**
 * Time that never steps back. When the machine's clock is set back, this one goes on at half speed until the other has
 * caught up; when it is set forward, this one follows at once.
 */
final class BucketClock {

    private Instant at;
    private long monoNanos;

    BucketClock(Instant at, long monoNanos) {
        this.at = at;
        this.monoNanos = monoNanos;
    }

    /** @return the time since the last call, never negative */
    Span advance(Instant wall, long nowNanos) {
        long elapsed = Math.max(0, nowNanos - monoNanos);
        var slow = at.plusNanos(elapsed / 2);
        var span = new Span(at, wall.isAfter(slow) ? wall : slow, monoNanos, elapsed);
        at = span.to();
        monoNanos = nowNanos;
        return span;
    }

    Instant at() {
        return at;
    }

    long monoNanos() {
        return monoNanos;
    }
}
