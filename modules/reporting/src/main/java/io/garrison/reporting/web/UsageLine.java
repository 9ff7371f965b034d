package io.garrison.reporting.web;

import io.garrison.reporting.UsageRecord;
import java.time.Instant;
import java.util.UUID;

/** A usage record as it is exchanged; its order of fields is that of the CSV's columns. */
record UsageLine(
        String id,
        UUID tenantId,
        String tenantSlug,
        UUID subLicenseId,
        UUID stackId,
        UUID instanceId,
        String virtualService,
        String metric,
        Instant from,
        Instant to,
        String quantity,
        String unit,
        String quality,
        double completeness,
        String meterSource) {

    static UsageLine of(UsageRecord record, String slug) {
        return new UsageLine(
                record.id(),
                record.tenantId().value(),
                slug,
                record.subLicenseId().value(),
                record.stackId(),
                record.instanceId(),
                record.virtualService(),
                record.metric().code(),
                record.from(),
                record.to(),
                record.quantity().toPlainString(),
                record.metric().unit(),
                record.quality().name(),
                record.completeness(),
                record.meterSource());
    }
}
