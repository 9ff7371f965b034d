package io.garrison.reporting.usage;

import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.ProtocolJson;
import io.garrison.reporting.UsageRecord;
import io.garrison.reporting.UsageRecord.Metric;
import io.garrison.reporting.usage.HourlyUsage.HourKey;
import io.garrison.tenancy.TenantId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What one hour adds up to. */
final class HourTotals {

    private static final int SECONDS = 3_600;

    private BigInteger bytesIn = BigInteger.ZERO;
    private BigInteger bytesOut = BigInteger.ZERO;
    private BigInteger requests = BigInteger.ZERO;
    private BigInteger connections = BigInteger.ZERO;
    private BigInteger activeNanos = BigInteger.ZERO;
    private long peakBps;
    private boolean estimated;
    private boolean peakEstimated;

    void add(Counters used, long peak, boolean usageEstimated, boolean isPeakEstimated) {
        bytesIn = bytesIn.add(BigInteger.valueOf(used.bytesIn()));
        bytesOut = bytesOut.add(BigInteger.valueOf(used.bytesOut()));
        requests = requests.add(BigInteger.valueOf(used.requests()));
        connections = connections.add(BigInteger.valueOf(used.connections()));
        activeNanos = activeNanos.add(BigInteger.valueOf(used.activeNanos()));
        peakBps = Math.max(peakBps, peak);
        estimated |= usageEstimated;
        peakEstimated |= isPeakEstimated;
    }

    List<UsageRecord> records(StreamKey stream, HourKey key, double completeness) {
        var records = new ArrayList<UsageRecord>();
        for (var metric : Metric.values()) {
            var from = Instant.ofEpochSecond(key.hour() * SECONDS);
            records.add(new UsageRecord(
                    id(stream, key, metric),
                    new TenantId(stream.tenant()),
                    new SubLicenseId(key.subLicense()),
                    stream.stack(),
                    stream.instance(),
                    stream.virtualService(),
                    metric,
                    from,
                    from.plusSeconds(SECONDS),
                    quantity(metric),
                    HourlyUsage.quality(metric == Metric.PEAK_BPS ? peakEstimated : estimated),
                    completeness,
                    stream.source()));
        }
        return records;
    }

    private BigDecimal quantity(Metric metric) {
        return switch (metric) {
            case BYTES_IN -> new BigDecimal(bytesIn);
            case BYTES_OUT -> new BigDecimal(bytesOut);
            case REQUESTS -> new BigDecimal(requests);
            case CONNECTIONS -> new BigDecimal(connections);
            case INSTANCE_SECONDS -> seconds();
            case PEAK_BPS -> BigDecimal.valueOf(peakBps);
        };
    }

    private BigDecimal seconds() {
        var seconds = new BigDecimal(activeNanos, 9).stripTrailingZeros();
        return seconds.scale() < 0 ? seconds.setScale(0) : seconds;
    }

    private static String id(StreamKey stream, HourKey key, Metric metric) {
        var text = String.join(
                "|",
                stream.tenant().toString(),
                stream.stream().toString(),
                key.subLicense().toString(),
                metric.code(),
                Long.toString(key.hour()));
        return ProtocolJson.sha256Hex(text).substring(0, 32);
    }
}
