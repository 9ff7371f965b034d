package io.garrison.reporting;

import io.garrison.licensing.SubLicenseId;
import io.garrison.tenancy.TenantId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

/**
 * What one virtual service on one instance used in one hour of UTC, of one metric. Derived from the registers that
 * PostgreSQL holds and from nothing else: the same registers always give the same records, byte for byte.
 *
 * @param id hash of tenant, stream, sub-licence, metric and hour: the same line always has the same id
 * @param subLicenseId the sub-licence that the stack ran on when the registers arrived
 * @param from begin of the hour; {@code to} is its end, also for the hour that is running
 * @param quantity bytes, requests, connections, seconds (with up to nine decimals) or bits per second; never negative
 * @param quality ESTIMATED if part of it was spread over intervals whose records are missing, or if the edge says that
 *     something may have gone uncounted, or if nothing of the hour has come
 * @param completeness known 5-minute intervals of the hour divided by those in which the service existed; below 1 in
 *     the running hour, and while an edge holds records back; 0 with a quantity of 0 if the edge was silent: what it used
 *     is not known, and a record that comes later has the same id
 */
public record UsageRecord(
        String id,
        TenantId tenantId,
        SubLicenseId subLicenseId,
        UUID stackId,
        UUID instanceId,
        String virtualService,
        Metric metric,
        Instant from,
        Instant to,
        BigDecimal quantity,
        Quality quality,
        double completeness,
        String meterSource) {

    /** Whether nothing is known of an hour in which the service was there. */
    public boolean isSilence() {
        return completeness == 0 && quality == Quality.ESTIMATED && quantity.signum() == 0;
    }

    public enum Quality {
        EXACT,
        ESTIMATED
    }

    /** Its order is that of the records of one hour. */
    public enum Metric {
        BYTES_IN("bytesIn", "B"),
        BYTES_OUT("bytesOut", "B"),
        REQUESTS("requests", "requests"),
        CONNECTIONS("connections", "connections"),
        INSTANCE_SECONDS("instanceSeconds", "s"),
        PEAK_BPS("peakBps", "bit/s");

        private final String code;
        private final String unit;

        Metric(String code, String unit) {
            this.code = code;
            this.unit = unit;
        }

        public String code() {
            return code;
        }

        public String unit() {
            return unit;
        }
    }
}
