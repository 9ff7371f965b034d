package io.garrison.instances.peer;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The requests that were taken already. Only who holds the key gets that far, so it fills by nobody else; if it is full,
 * nothing is taken until the oldest cannot be used any more. A listener that is opened anew shows another certificate, for
 * which what was signed before does not hold.
 */
final class Nonces {

    static final int MAX = 100_000;

    private final Duration kept;
    private final Map<String, Instant> taken = new LinkedHashMap<>();

    /** @param kept longer than any request holds */
    Nonces(Duration kept) {
        this.kept = kept;
    }

    /** @return false if it was taken before */
    synchronized boolean take(String nonce, Instant now) {
        var old = taken.values().iterator();
        while (old.hasNext() && old.next().isBefore(now.minus(kept))) {
            old.remove();
        }
        return taken.size() < MAX && taken.putIfAbsent(nonce, now) == null;
    }
}
