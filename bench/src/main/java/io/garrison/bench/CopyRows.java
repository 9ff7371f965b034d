package io.garrison.bench;

import io.garrison.reporting.ingest.StampedMeter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Rows of the ledger in PostgreSQL's binary format for COPY, in batches of as many as a collector takes at once. */
final class CopyRows {

    static final int BATCH = 20_000;

    private static final byte[] HEADER = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int ROW_BYTES = 256;
    private static final short COLUMNS = 17;
    private static final Instant POSTGRESQL_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private final List<byte[]> batches = new ArrayList<>();
    private ByteBuffer out = begin();
    private int rows;

    void add(StampedMeter stamped, long peak) {
        var meter = stamped.meter();
        out.putShort(COLUMNS);
        put(stamped.tenant());
        put(meter.stream());
        put(meter.epoch());
        put(meter.bucket());
        put(meter.sequence());
        put(meter.kind().name().getBytes(StandardCharsets.US_ASCII));
        put(stamped.subLicense());
        put(meter.at());
        put(meter.bytesIn());
        put(meter.bytesOut());
        put(meter.requests());
        put(meter.connections());
        put(meter.activeNanos());
        put(peak);
        put(new byte[] {(byte) (meter.exact() ? 1 : 0)});
        put(stamped.receivedAt());
        put(0L); // changed: a transaction's number, which the server gives where a row is folded in
        if (++rows == BATCH) {
            end();
        }
    }

    List<byte[]> batches() {
        if (rows > 0) {
            end();
        }
        return List.copyOf(batches);
    }

    private void end() {
        out.putShort((short) -1);
        batches.add(Arrays.copyOf(out.array(), out.position()));
        out = begin();
        rows = 0;
    }

    private static ByteBuffer begin() {
        return ByteBuffer.allocate(HEADER.length + 8 + BATCH * ROW_BYTES + 2)
                .put(HEADER)
                .putLong(0);
    }

    private void put(UUID id) {
        out.putInt(16).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private void put(long value) {
        out.putInt(8).putLong(value);
    }

    private void put(Instant at) {
        put((at.toEpochMilli() - POSTGRESQL_EPOCH.toEpochMilli()) * 1_000);
    }

    private void put(byte[] value) {
        out.putInt(value.length).put(value);
    }
}
