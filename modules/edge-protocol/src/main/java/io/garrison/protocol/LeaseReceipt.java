package io.garrison.protocol;

import java.time.Instant;
import java.util.UUID;

/**
 * An instance's word that it has given up an offline lease and holds none any more. See {@link ReceiptSigning}.
 *
 * @param lease the lease that was given up
 * @param returnedAt to the second
 */
public record LeaseReceipt(UUID id, UUID lease, UUID tenant, UUID instance, Instant returnedAt) {}
