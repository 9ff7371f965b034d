package io.garrison.edge.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One value, kept in two files that are written in turn, each with a counter and a checksum. A write that is torn by a
 * crash spoils the older copy only, so the newer one is still there. Not thread-safe.
 */
public final class DoubleBuffer implements AutoCloseable {

    private static final int MAGIC = 0x47415252;
    private static final int HEADER = 4 + 8 + 4 + 4;
    private static final int LIMIT = 64 << 20;

    private final FileChannel[] copies = new FileChannel[2];
    private long turn;
    private byte[] value = {};
    private final Finding finding;

    /** What was in the files when they were opened. */
    public enum Finding {
        NEW,
        READABLE,
        /** There was something, and neither copy is whole. */
        LOST
    }

    public DoubleBuffer(Path directory, String name) throws IOException {
        boolean existed = false;
        boolean read = false;
        for (int i = 0; i < 2; i++) {
            var file = directory.resolve(name + "." + i);
            existed |= Files.exists(file) && Files.size(file) > 0;
            copies[i] = DurableFiles.openOwned(file);
            read |= load(copies[i]);
        }
        DurableFiles.forceDirectory(directory);
        finding = read ? Finding.READABLE : existed ? Finding.LOST : Finding.NEW;
    }

    public Finding finding() {
        return finding;
    }

    /** The value that was saved last, if any. */
    public Optional<byte[]> value() {
        return turn == 0 ? Optional.empty() : Optional.of(value.clone());
    }

    /** Returns once the value is on the disk. After a failure the earlier value stands. */
    public void save(byte[] content) throws IOException {
        long next = turn + 1;
        var bytes = ByteBuffer.allocate(HEADER + content.length);
        bytes.putInt(MAGIC).putLong(next).putInt(content.length).putInt(checksum(next, content));
        bytes.put(content).flip();
        var channel = copies[(int) (next % 2)];
        channel.position(0);
        DurableFiles.writeFully(channel, bytes);
        channel.force(false);
        turn = next;
        value = content.clone();
    }

    @Override
    public void close() throws IOException {
        for (var copy : copies) {
            copy.close();
        }
    }

    private boolean load(FileChannel channel) throws IOException {
        var bytes = ByteBuffer.allocate((int) Math.min(channel.size(), LIMIT));
        channel.position(0);
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
            // until the buffer is full
        }
        bytes.flip();
        if (bytes.remaining() < HEADER || bytes.getInt() != MAGIC) {
            return false;
        }
        long counter = bytes.getLong();
        int length = bytes.getInt();
        int expected = bytes.getInt();
        if (length < 0 || length > bytes.remaining()) {
            return false;
        }
        var content = Arrays.copyOfRange(bytes.array(), HEADER, HEADER + length);
        if (counter < 1 || checksum(counter, content) != expected) {
            return false;
        }
        if (counter > turn) {
            turn = counter;
            value = content;
        }
        return true;
    }

    private static int checksum(long counter, byte[] content) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(8).putLong(counter).flip());
        crc.update(content);
        return (int) crc.getValue();
    }
}
