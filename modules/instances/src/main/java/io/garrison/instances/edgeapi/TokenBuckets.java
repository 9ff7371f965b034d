package io.garrison.instances.edgeapi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A token bucket for each key, of those keys that were used last. A cost may exceed what is there: then the bucket is in
 * debt, and closed until that is paid.
 */
final class TokenBuckets<K> {

    private static final int MAX_KEYS = 50_000;

    private final double capacity;
    private final double perSecond;
    private final LongSupplier nanoTime;
    private final Map<K, Bucket> buckets = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Bucket> eldest) {
            return size() > MAX_KEYS;
        }
    });

    TokenBuckets(double capacity, double perSecond, LongSupplier nanoTime) {
        this.capacity = capacity;
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
    }

    /** Seconds until the bucket is open, rounded up; 0 if it is open now. */
    long secondsUntilOpen(K key) {
        var bucket = buckets.get(key);
        return bucket == null ? 0 : bucket.secondsUntilOpen();
    }

    void charge(K key, double cost) {
        buckets.computeIfAbsent(key, k -> new Bucket()).charge(cost);
    }

    private final class Bucket {
        private double tokens = capacity;
        private long filledAt = nanoTime.getAsLong();

        synchronized long secondsUntilOpen() {
            fill();
            return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / perSecond);
        }

        synchronized void charge(double cost) {
            fill();
            tokens -= cost;
        }

        private void fill() {
            long now = nanoTime.getAsLong();
            tokens = Math.min(capacity, tokens + (now - filledAt) / 1e9 * perSecond);
            filledAt = now;
        }
    }
}
