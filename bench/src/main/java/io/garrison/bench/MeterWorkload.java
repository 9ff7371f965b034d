package io.garrison.bench;

import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.protocol.MeterRecord.Source;
import io.garrison.reporting.ingest.MeterCodec;
import io.garrison.reporting.ingest.StampedMeter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * What a fleet of edges sends while it counts: always the same records, in the order of time. Each edge closes each
 * 5-minute interval; each tenth interval has a reading in its middle, as a flush makes it; each hundredth record comes
 * twice, as after a lost acknowledgement. The generator keeps the truth: what has to stand in the ledger in the end.
 */
final class MeterWorkload {

    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
    private static final int EDGES_PER_TENANT = 10;

    private final int intervals;
    private final List<Edge> edges;
    private final Random random = new Random(20_260_101);
    private final MessageDigest digest = sha256();
    private final CopyRows rows = new CopyRows();
    private long records;
    private LedgerTotals truth = LedgerTotals.ZERO;

    MeterWorkload(int edges, int intervals) {
        this.intervals = intervals;
        this.edges =
                IntStream.range(0, edges).mapToObj(i -> new Edge(random, i)).toList();
    }

    /** Hands each record, encoded, to {@code to}, with the key that keeps an edge's records in order; once. */
    void generate(BiConsumer<byte[], byte[]> to) {
        long first = MeterRecord.bucketOf(FIRST);
        for (long bucket = first; bucket < first + intervals; bucket++) {
            for (var edge : edges) {
                interval(edge, bucket, to);
            }
        }
        for (var edge : edges) {
            truth = truth.plusEpoch(edge.sequence);
        }
    }

    private void interval(Edge edge, long bucket, BiConsumer<byte[], byte[]> to) {
        int parts = random.nextInt(10) == 0 ? 2 : 1;
        long peak = 0;
        for (int part = 1; part <= parts; part++) {
            var at = Instant.ofEpochSecond(bucket * MeterRecord.BUCKET_SECONDS + 299L * part / parts);
            var stamped = edge.count(random, bucket, at);
            peak = Math.max(peak, stamped.meter().peakBps());
            var value = MeterCodec.encode(stamped);
            int times = random.nextInt(100) == 0 ? 2 : 1;
            for (int time = 0; time < times; time++) {
                digest.update(value);
                records++;
                to.accept(edge.key, value);
            }
            if (part == parts) {
                truth = truth.plusInterval(stamped.meter(), peak);
                rows.add(stamped, peak);
            }
        }
    }

    long records() {
        return records;
    }

    LedgerTotals truth() {
        return truth;
    }

    /** The ledger's rows, ready for {@code COPY}. */
    List<byte[]> copies() {
        return rows.batches();
    }

    /** SHA-256 of all values in their order. */
    String hash() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Edge {

        private final UUID tenant;
        private final UUID subLicense;
        private final UUID stack;
        private final UUID instance;
        private final UUID stream;
        private final byte[] key;
        private final long nonce;
        private long sequence;
        private long bytesIn;
        private long bytesOut;
        private long requests;
        private long connections;

        private Edge(Random random, int number) {
            var tenants = new Random(number / EDGES_PER_TENANT);
            tenant = id(tenants);
            subLicense = id(tenants);
            stack = id(tenants);
            instance = id(random);
            stream = MeterRecord.streamOf(instance, "shop", Source.PROXY);
            key = instance.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            nonce = random.nextLong();
        }

        private StampedMeter count(Random random, long bucket, Instant at) {
            bytesIn += random.nextLong(1_000_000_000L);
            bytesOut += random.nextLong(10_000_000_000L);
            requests += random.nextLong(100_000);
            connections += random.nextLong(20_000);
            sequence++;
            long active = (bucket - MeterRecord.bucketOf(FIRST) + 1) * MeterRecord.BUCKET_SECONDS * 1_000_000_000L;
            var meter = new MeterRecord(
                    stream,
                    "shop",
                    1,
                    nonce,
                    sequence,
                    bucket,
                    Kind.CLOSE,
                    at,
                    Source.PROXY,
                    bytesIn,
                    bytesOut,
                    requests,
                    connections,
                    active,
                    random.nextLong(1_000_000_000L),
                    true);
            return new StampedMeter(tenant, subLicense, stack, instance, at.plusSeconds(2), meter);
        }

        private static UUID id(Random random) {
            var bytes = new ArrayList<Long>(2);
            random.longs(2).forEach(bytes::add);
            return new UUID(
                    (bytes.getFirst() & ~0xf000L) | 0x4000L,
                    (bytes.getLast() & 0x3fff_ffff_ffff_ffffL) | Long.MIN_VALUE);
        }
    }
}
