package io.garrison.instances.peer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** How many refusals an address gets before it is told to wait. Who holds the key is never held up. */
final class Refusals {

    static final int AT_ONCE = 10;
    static final int SECONDS_EACH = 5;

    private static final int MAX_ADDRESSES = 1_000;

    private final LongSupplier nanoTime;
    private final Map<String, Double> debts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Double> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    Refusals(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Counts one. @return seconds to wait; 0 as long as there were few */
    synchronized int another(String address) {
        // When all refusals so far are forgiven: each puts that off by the same time.
        double now = nanoTime.getAsLong() / 1e9;
        double forgiven = Math.max(debts.getOrDefault(address, now), now) + SECONDS_EACH;
        double wait = forgiven - now - AT_ONCE * (double) SECONDS_EACH;
        if (wait > 0) {
            return (int) Math.ceil(wait);
        }
        debts.put(address, forgiven);
        return 0;
    }
}
