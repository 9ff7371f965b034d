package io.garrison.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What one instance may pass of its sub-licence's throughput.
 *
 * @param number grows with every change; the instance says in its reports which one is in force
 * @param bps bits of IP traffic of its virtual services per second, each direction by itself; null does not limit
 */
public record ThroughputShare(long number, @Nullable Long bps) {

    public ThroughputShare {
        if (bps != null && bps < 0) {
            throw new IllegalArgumentException("a share is never negative");
        }
    }
}
