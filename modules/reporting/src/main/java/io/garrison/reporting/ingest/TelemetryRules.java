package io.garrison.reporting.ingest;

import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.Telemetry.AccessEvent;
import io.garrison.protocol.Telemetry.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a record of an edge must keep to. The gateway's side refuses a batch that does not; a collector, which may meet
 * older or foreign records in a topic, sends the record to the dead letters.
 */
public final class TelemetryRules {

    /** How far an edge's clock may be ahead. */
    public static final Duration FUTURE = Duration.ofMinutes(10);

    /** Older than any edge. */
    private static final Instant EARLIEST = Instant.parse("2020-01-01T00:00:00Z");

    /** Of one sample or request: far below an overflow when a thousand of them are added. */
    static final long MAX_COUNTER = 1L << 53;

    /** Of a register, which counts on for as long as a machine runs: a century at 10 Tbit/s is less. */
    static final long MAX_REGISTER = 1L << 62;

    /** The only rule that a record which is right may break: an edge's clock, or the one here, is wrong for a while. */
    public static final String TIME_IN_FUTURE = "time-in-future";

    private static final long MAX_SEQUENCE = 1L << 40;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,63}");

    private TelemetryRules() {}

    /** The rule that the record breaks, or null. */
    public static @Nullable String broken(MeterRecord meter, UUID instance, Instant now) {
        if (meter.stream() == null
                || meter.virtualService() == null
                || meter.kind() == null
                || meter.source() == null
                || meter.at() == null) {
            return "field-missing";
        }
        if (isNoName(meter.virtualService())) {
            return "name-invalid";
        }
        if (!meter.stream().equals(MeterRecord.streamOf(instance, meter.virtualService(), meter.source()))) {
            return "stream-foreign";
        }
        if (outside(meter.epoch(), 1, MAX_SEQUENCE) || outside(meter.sequence(), 1, MAX_SEQUENCE)) {
            return "out-of-range";
        }
        for (var register : registers(meter)) {
            if (outside(register, 0, MAX_REGISTER)) {
                return "out-of-range";
            }
        }
        if (meter.at().isBefore(EARLIEST)) {
            return "time-too-old";
        }
        if (meter.at().isAfter(now.plus(FUTURE)) || meter.bucket() > MeterRecord.bucketOf(now.plus(FUTURE))) {
            return TIME_IN_FUTURE;
        }
        return meter.bucket() < MeterRecord.bucketOf(EARLIEST) ? "time-too-old" : null;
    }

    /** The rule that the sample breaks, or null. */
    public static @Nullable String broken(Sample sample, Instant now) {
        if (sample.id() == null || sample.virtualService() == null || sample.at() == null) {
            return "field-missing";
        }
        if (isNoName(sample.virtualService())) {
            return "name-invalid";
        }
        if (outside(sample.seconds(), 1, 3_600)
                || outside(sample.membersUp(), 0, 100_000)
                || outside(sample.membersTotal(), 0, 100_000)) {
            return "out-of-range";
        }
        for (var counter : counters(sample)) {
            if (outside(counter, 0, MAX_COUNTER)) {
                return "out-of-range";
            }
        }
        if (!(sample.latencyMs() == -1 || (sample.latencyMs() >= 0 && sample.latencyMs() <= 86_400_000))) {
            return "out-of-range"; // also NaN
        }
        return time(sample.at(), now);
    }

    /** The rule that the event breaks, or null. */
    public static @Nullable String broken(AccessEvent event, Instant now) {
        if (event.id() == null
                || event.at() == null
                || event.virtualService() == null
                || event.clientAddress() == null
                || event.verdict() == null
                || event.terminationState() == null) {
            return "field-missing";
        }
        if (isNoName(event.virtualService())) {
            return "name-invalid";
        }
        if (longer(event.clientAddress(), 45)
                || longer(event.method(), 64)
                || longer(event.host(), 512)
                || longer(event.path(), 8_192)
                || longer(event.userAgent(), 2_048)
                || longer(event.pool(), 128)
                || longer(event.member(), 128)
                || longer(event.terminationState(), 32)
                || longer(event.verdict(), 32)
                || longer(event.requestId(), 128)) {
            return "too-long";
        }
        if (outside(event.clientPort(), 0, 65_535)
                || outside(event.status(), 0, 999)
                || outside(event.bytesIn(), 0, MAX_COUNTER)
                || outside(event.bytesOut(), 0, MAX_COUNTER)
                || !(event.durationMs() >= 0 && event.durationMs() <= 1e12)) {
            return "out-of-range";
        }
        return time(event.at(), now);
    }

    private static long[] registers(MeterRecord meter) {
        return new long[] {
            meter.bytesIn(),
            meter.bytesOut(),
            meter.requests(),
            meter.connections(),
            meter.activeNanos(),
            meter.peakBps(),
            meter.bucket()
        };
    }

    private static long[] counters(Sample sample) {
        return new long[] {
            sample.bytesIn(),
            sample.bytesOut(),
            sample.requests(),
            sample.connections(),
            sample.connectionsNow(),
            sample.denied(),
            sample.status2xx(),
            sample.status3xx(),
            sample.status4xx(),
            sample.status5xx()
        };
    }

    private static @Nullable String time(Instant at, Instant now) {
        if (at.isBefore(EARLIEST)) {
            return "time-too-old";
        }
        return at.isAfter(now.plus(FUTURE)) ? TIME_IN_FUTURE : null;
    }

    private static boolean isNoName(String name) {
        return !NAME.matcher(name).matches();
    }

    private static boolean outside(long value, long least, long most) {
        return value < least || value > most;
    }

    private static boolean longer(@Nullable String text, int most) {
        return text != null && text.length() > most;
    }
}
