package io.garrison.reporting.ingest;

import io.garrison.protocol.Telemetry.AccessEvent;
import java.time.Instant;
import java.util.UUID;

/** An access event with what the gateway knows of its sender; JSON in {@code g.event.v1}. */
public record StampedEvent(UUID tenant, UUID stack, UUID instance, Instant receivedAt, AccessEvent event) {}
