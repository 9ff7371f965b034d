package io.garrison.edge.cluster;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where peers reach this instance, as it was found last: one look-up that fails must not make it unknown to its peers, who
 * would then hold what it holds. Thread-safe.
 */
final class KeptAddress {

    /** How often it is looked up anew at most, once there is an answer. */
    static final long LOOK_MS = 60_000;

    private final Supplier<@Nullable String> look;
    private final LongSupplier clock;
    private volatile @Nullable String last;
    private volatile long lookedAt;

    /** @param look may wait for a name server; answers null if it finds nothing */
    KeptAddress(Supplier<@Nullable String> look) {
        this(look, () -> System.nanoTime() / 1_000_000);
    }

    /** @param clock ms, only forward */
    KeptAddress(Supplier<@Nullable String> look, LongSupplier clock) {
        this.look = look;
        this.clock = clock;
    }

    /** There may be another one. */
    void lookAgain() {
        lookedAt = clock.getAsLong() - LOOK_MS;
    }

    /** There is another one, which peers are to know at once; takes as long as {@link #told}. */
    void lookNow() {
        lookAgain();
        var unused = told();
    }

    /** Waits for nobody; absent until {@link #told} has found something. */
    @Nullable
    String known() {
        return last;
    }

    /** Looks anew if it is time, which may take as long as a name server takes; absent if nothing was ever found. */
    @Nullable
    String told() {
        long now = clock.getAsLong();
        if (last == null || now - lookedAt >= LOOK_MS) {
            lookedAt = now;
            var found = look.get();
            if (found != null) {
                last = found;
            }
        }
        return last;
    }
}
