package io.garrison.reporting.ingest;

import io.garrison.protocol.Telemetry.Sample;
import java.time.Instant;
import java.util.UUID;

/** A sample with what the gateway knows of its sender; JSON in {@code g.stats.v1}. */
public record StampedSample(UUID tenant, UUID stack, UUID instance, Instant receivedAt, Sample sample) {}
