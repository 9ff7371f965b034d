package io.garrison.reporting.usage;

import io.garrison.reporting.ingest.StampedMeter;
import java.util.UUID;

/** One life of one stream's registers. */
record EpochKey(UUID tenant, UUID stream, long epoch) {

    static EpochKey of(StampedMeter stamped) {
        return new EpochKey(
                stamped.tenant(), stamped.meter().stream(), stamped.meter().epoch());
    }
}
