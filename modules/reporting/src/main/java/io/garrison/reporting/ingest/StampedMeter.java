package io.garrison.reporting.ingest;

import io.garrison.protocol.MeterRecord;
import java.time.Instant;
import java.util.UUID;

/**
 * A meter record with what the gateway knows of its sender.
 *
 * @param tenant from the certificate, as are stack and instance
 * @param subLicense the one that the stack runs on at {@code receivedAt}
 */
public record StampedMeter(
        UUID tenant, UUID subLicense, UUID stack, UUID instance, Instant receivedAt, MeterRecord meter) {}
