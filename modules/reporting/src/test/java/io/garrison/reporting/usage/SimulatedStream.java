package io.garrison.reporting.usage;

import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.protocol.MeterRecord.Source;
import io.garrison.reporting.ingest.StampedMeter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/**
 * An edge that counts by the rules, with a ledger of its own: what was really used in each 5-minute interval. Times of
 * the registers are those of a day in 2026.
 */
final class SimulatedStream {

    static final long FIRST_BUCKET = MeterRecord.bucketOf(Instant.parse("2026-03-01T00:00:00Z"));

    final StreamKey key;
    final UUID subLicense;
    final List<StampedMeter> records = new ArrayList<>();
    final Map<Long, Long> bytesByBucket = new TreeMap<>();
    final Map<Long, Long> requestsByBucket = new TreeMap<>();
    final Map<Long, Long> nanosByBucket = new TreeMap<>();

    private final Random random;
    private long epoch;

    SimulatedStream(Random random, UUID tenant, UUID subLicense) {
        this.random = random;
        this.subLicense = subLicense;
        var instance = new UUID(random.nextLong(), random.nextLong());
        var stack = new UUID(random.nextLong(), random.nextLong());
        key = new StreamKey(
                tenant, stack, instance, "shop", "PROXY", MeterRecord.streamOf(instance, "shop", Source.PROXY));
    }

    /** Lives through some epochs; the last may be open. */
    SimulatedStream live(int epochs, int bucketsPerEpoch) {
        var bucket = FIRST_BUCKET + random.nextInt(30);
        for (var i = 0; i < epochs; i++) {
            var length = 1 + random.nextInt(bucketsPerEpoch);
            var ends = i + 1 < epochs || random.nextBoolean();
            liveEpoch(bucket, length, ends);
            bucket += length - 1 + random.nextInt(3); // an epoch may begin in the interval in which the last one ended
        }
        return this;
    }

    private void liveEpoch(long first, int length, boolean ends) {
        epoch++;
        var nonce = random.nextLong();
        var sequence = 0L;
        long bytesIn = 0;
        long requests = 0;
        long nanos = 0;
        for (var bucket = first; bucket < first + length; bucket++) {
            var parts = 1 + (random.nextInt(5) == 0 ? random.nextInt(3) : 0);
            for (var part = 1; part <= parts; part++) {
                var bytes = random.nextInt(4) == 0 ? 0 : random.nextLong(1_000_000_000_000L);
                var hits = random.nextLong(1_000_000);
                var active = 300_000_000_000L / parts;
                bytesIn += bytes;
                requests += hits;
                nanos += active;
                bytesByBucket.merge(bucket, bytes, Long::sum);
                requestsByBucket.merge(bucket, hits, Long::sum);
                nanosByBucket.merge(bucket, active, Long::sum);
                var last = ends && bucket == first + length - 1 && part == parts;
                var at = Instant.ofEpochSecond(bucket * 300 + 300L * part / parts);
                records.add(stamped(new MeterRecord(
                        key.stream(),
                        "shop",
                        epoch,
                        nonce,
                        ++sequence,
                        bucket,
                        last ? Kind.FINAL : Kind.CLOSE,
                        at,
                        Source.PROXY,
                        bytesIn,
                        bytesIn / 2,
                        requests,
                        requests,
                        nanos,
                        bytes / 37,
                        true)));
            }
        }
    }

    /**
     * The machine is set back with its memory to where it was after some of its records, and lives on in the same epoch for
     * as many intervals as it has lived since, with other traffic.
     *
     * @return what came after that
     */
    List<StampedMeter> setBackTo(int kept) {
        var last = records.get(kept - 1).meter();
        var again = new ArrayList<StampedMeter>();
        var bucket = records.getLast().meter().bucket();
        var bytes = last.bytesIn();
        for (var lost : List.copyOf(records.subList(kept, records.size()))) {
            var m = lost.meter();
            if (m.epoch() != last.epoch() || m.kind() == Kind.FINAL) {
                break;
            }
            bytes += random.nextLong(1_000_000_000_000L);
            bucket++;
            again.add(stamped(new MeterRecord(
                    m.stream(),
                    "shop",
                    m.epoch(),
                    m.nonce(),
                    m.sequence(),
                    bucket,
                    Kind.CLOSE,
                    Instant.ofEpochSecond(bucket * 300 + 300),
                    Source.PROXY,
                    bytes,
                    bytes / 2,
                    m.requests(),
                    m.connections(),
                    m.activeNanos(),
                    7,
                    true)));
        }
        records.addAll(again);
        return again;
    }

    /** The one reading of an epoch. */
    StampedMeter reading(long ofEpoch, long bucket, Kind kind, UUID license) {
        return reading(ofEpoch, 1, bucket, kind, 7, true, license);
    }

    /** One reading of several; in each interval before it the service was active. */
    StampedMeter reading(long ofEpoch, long sequence, long bucket, Kind kind, long counted, boolean exact) {
        return reading(ofEpoch, sequence, bucket, kind, counted, exact, subLicense);
    }

    private StampedMeter reading(
            long ofEpoch, long sequence, long bucket, Kind kind, long counted, boolean exact, UUID license) {
        var at = Instant.ofEpochSecond((bucket + 1) * 300);
        var meter = new MeterRecord(
                key.stream(),
                "shop",
                ofEpoch,
                ofEpoch,
                sequence,
                bucket,
                kind,
                at,
                Source.PROXY,
                counted,
                counted,
                counted,
                counted,
                sequence * 300_000_000_000L,
                counted,
                exact);
        return new StampedMeter(key.tenant(), license, key.stack(), key.instance(), at, meter);
    }

    private StampedMeter stamped(MeterRecord meter) {
        return new StampedMeter(
                key.tenant(),
                subLicense,
                key.stack(),
                key.instance(),
                meter.at().plusSeconds(1),
                meter);
    }

    static Map<Long, Long> byHour(Map<Long, Long> byBucket) {
        var hours = new TreeMap<Long, Long>();
        byBucket.forEach((bucket, amount) -> hours.merge(bucket / 12, amount, Long::sum));
        return hours;
    }

    static long sum(Map<Long, Long> amounts) {
        return amounts.values().stream().mapToLong(Long::longValue).sum();
    }
}
