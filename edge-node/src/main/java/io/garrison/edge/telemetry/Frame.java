package io.garrison.edge.telemetry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One entry of a segment file: length, checksum, kind, time, JSON.
 *
 * @param end offset of the next frame
 */
record Frame(Kind kind, long atMillis, byte[] json, long end) {

    static final int OVERHEAD = 4 + 4 + 1 + 8;
    private static final int LIMIT = 1 << 20;

    enum Kind {
        METER,
        SAMPLE,
        EVENT
    }

    static int size(byte[] json) {
        return OVERHEAD + json.length;
    }

    static void put(ByteBuffer into, Kind kind, long atMillis, byte[] json) {
        into.putInt(json.length).putInt(checksum(kind.ordinal(), atMillis, json));
        into.put((byte) kind.ordinal()).putLong(atMillis).put(json);
    }

    /** @return nothing at the end of what is whole */
    static Optional<Frame> read(FileChannel channel, long offset) throws IOException {
        var header = ByteBuffer.allocate(OVERHEAD);
        if (!fill(channel, header, offset)) {
            return Optional.empty();
        }
        int length = header.getInt();
        int expected = header.getInt();
        int kind = header.get();
        long at = header.getLong();
        if (length < 0 || length > LIMIT || kind < 0 || kind >= Kind.values().length) {
            return Optional.empty();
        }
        var body = ByteBuffer.allocate(length);
        if (!fill(channel, body, offset + OVERHEAD) || checksum(kind, at, body.array()) != expected) {
            return Optional.empty();
        }
        return Optional.of(new Frame(Kind.values()[kind], at, body.array(), offset + OVERHEAD + length));
    }

    private static boolean fill(FileChannel channel, ByteBuffer buffer, long offset) throws IOException {
        long from = offset;
        while (buffer.hasRemaining()) {
            int read = channel.read(buffer, from);
            if (read < 0) {
                return false;
            }
            from += read;
        }
        buffer.flip();
        return true;
    }

    private static int checksum(int kind, long atMillis, byte[] json) {
        var crc = new CRC32C();
        crc.update(kind);
        crc.update(ByteBuffer.allocate(8).putLong(atMillis).flip());
        crc.update(json);
        return (int) crc.getValue();
    }
}
