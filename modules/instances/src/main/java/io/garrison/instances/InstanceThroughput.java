package io.garrison.instances;

import org.jspecify.annotations.Nullable;

/**
 * Throughput of one instance, in bits per second.
 *
 * @param shareBps what it may pass in each direction; null if its sub-licence does not limit
 * @param enforcement {@code TC} if the instance's kernel holds it to that, {@code NONE} if nothing does
 * @param reason why nothing does
 * @param inBps mean from clients between its last two reports
 * @param outBps mean to clients
 */
public record InstanceThroughput(
        @Nullable Long shareBps,
        String enforcement,
        @Nullable String reason,
        long inBps,
        long outBps) {

    /** What is limited on paper only. */
    public boolean isUnlimitedAgainstItsShare() {
        return shareBps != null && !enforcement.equals("TC");
    }
}
