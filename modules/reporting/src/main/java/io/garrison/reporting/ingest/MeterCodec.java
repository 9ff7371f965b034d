package io.garrison.reporting.ingest;

import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.protocol.MeterRecord.Source;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * The binary form of a stamped meter record in {@code g.meter.v1}: a version byte, then big-endian fields in a fixed
 * order; counters are unsigned LEB128. About 160 bytes. A later version changes the first byte and keeps reading this.
 */
public final class MeterCodec {

    static final byte VERSION = 1;
    private static final int MAX_NAME_BYTES = 255;
    private static final int MAX_BYTES = 512;

    private MeterCodec() {}

    /** @throws IllegalArgumentException if a counter is negative or the name is longer than 255 bytes of UTF-8 */
    public static byte[] encode(StampedMeter stamped) {
        var meter = stamped.meter();
        var out = ByteBuffer.allocate(MAX_BYTES).order(ByteOrder.BIG_ENDIAN);
        out.put(VERSION);
        put(out, stamped.tenant());
        put(out, stamped.subLicense());
        put(out, stamped.stack());
        put(out, stamped.instance());
        out.putLong(stamped.receivedAt().toEpochMilli());
        put(out, meter.stream());
        var name = meter.virtualService().getBytes(StandardCharsets.UTF_8);
        if (name.length > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("the name is longer than " + MAX_NAME_BYTES + " bytes");
        }
        out.put((byte) name.length).put(name);
        out.putLong(meter.nonce());
        out.putLong(meter.at().toEpochMilli());
        out.put((byte) flags(meter));
        putUnsigned(out, meter.epoch());
        putUnsigned(out, meter.sequence());
        putUnsigned(out, meter.bucket());
        putUnsigned(out, meter.bytesIn());
        putUnsigned(out, meter.bytesOut());
        putUnsigned(out, meter.requests());
        putUnsigned(out, meter.connections());
        putUnsigned(out, meter.activeNanos());
        putUnsigned(out, meter.peakBps());
        var bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    /** @throws BadRecord if these are not the bytes of one record, from the first to the last */
    public static StampedMeter decode(byte[] bytes) {
        var in = ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN);
        try {
            var version = in.get();
            if (version != VERSION) {
                throw new BadRecord("version-unknown", "version " + (version & 0xff));
            }
            var stamped = read(in);
            if (in.hasRemaining()) {
                throw new BadRecord("malformed", in.remaining() + " bytes too many");
            }
            return stamped;
        } catch (BufferUnderflowException e) {
            throw new BadRecord("malformed", "truncated after " + bytes.length + " bytes");
        }
    }

    private static StampedMeter read(ByteBuffer in) {
        var tenant = uuid(in);
        var subLicense = uuid(in);
        var stack = uuid(in);
        var instance = uuid(in);
        var receivedAt = Instant.ofEpochMilli(in.getLong());
        var stream = uuid(in);
        var name = name(in);
        var nonce = in.getLong();
        var at = Instant.ofEpochMilli(in.getLong());
        var flags = in.get();
        if ((flags & ~0b111) != 0) {
            throw new BadRecord("malformed", "unknown flags " + (flags & 0xff));
        }
        var meter = new MeterRecord(
                stream,
                name,
                unsigned(in),
                nonce,
                unsigned(in),
                unsigned(in),
                (flags & 1) == 0 ? Kind.CLOSE : Kind.FINAL,
                at,
                (flags & 2) == 0 ? Source.KERNEL : Source.PROXY,
                unsigned(in),
                unsigned(in),
                unsigned(in),
                unsigned(in),
                unsigned(in),
                unsigned(in),
                (flags & 4) != 0);
        return new StampedMeter(tenant, subLicense, stack, instance, receivedAt, meter);
    }

    private static int flags(MeterRecord meter) {
        var kind = meter.kind() == Kind.FINAL ? 1 : 0;
        var source = meter.source() == Source.PROXY ? 2 : 0;
        return kind | source | (meter.exact() ? 4 : 0);
    }

    private static String name(ByteBuffer in) {
        var bytes = new byte[in.get() & 0xff];
        in.get(bytes);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadRecord("malformed", "the name is not UTF-8");
        }
    }

    private static void put(ByteBuffer out, UUID id) {
        out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private static UUID uuid(ByteBuffer in) {
        return new UUID(in.getLong(), in.getLong());
    }

    private static void putUnsigned(ByteBuffer out, long value) {
        if (value < 0) {
            throw new IllegalArgumentException("a negative counter");
        }
        var rest = value;
        while (rest >= 0x80) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private static long unsigned(ByteBuffer in) {
        var value = 0L;
        for (var shift = 0; shift < 63; shift += 7) {
            var next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new BadRecord("out-of-range", "a counter beyond 63 bits");
    }
}
