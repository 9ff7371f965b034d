package io.garrison.edge.telemetry;

import io.garrison.edge.state.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A file of frames that only grows. Whatever follows the last whole frame is a torn write and is cut off. */
final class Segment implements AutoCloseable {

    private static final String SUFFIX = ".seg";

    private final Path file;
    private final long number;
    private final FileChannel channel;
    private long size;

    private Segment(Path file, long number, FileChannel channel) {
        this.file = file;
        this.number = number;
        this.channel = channel;
    }

    /** Opens what is there, and shows every whole frame. */
    static Segment open(Path directory, long number, Consumer<Frame> frames) throws IOException {
        var file = directory.resolve("%019d%s".formatted(number, SUFFIX));
        var segment = new Segment(file, number, DurableFiles.openOwned(file));
        long offset = 0;
        for (var frame = Frame.read(segment.channel, 0);
                frame.isPresent();
                frame = Frame.read(segment.channel, offset)) {
            frames.accept(frame.get());
            offset = frame.get().end();
        }
        if (offset < segment.channel.size()) {
            segment.channel.truncate(offset);
        }
        segment.size = offset;
        return segment;
    }

    static List<Long> numbersIn(Path directory) throws IOException {
        DurableFiles.ownDirectory(directory);
        var numbers = new ArrayList<Long>();
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) {
                var name = file.getFileName().toString();
                if (name.matches("\\d{19}\\" + SUFFIX)) {
                    numbers.add(Long.parseLong(name.substring(0, 19)));
                }
            }
        }
        numbers.sort(null);
        return numbers;
    }

    /** Appends all of them or, when the disk fails, none. */
    void append(ByteBuffer frames) throws IOException {
        long start = size;
        int length = frames.remaining();
        try {
            channel.position(start);
            DurableFiles.writeFully(channel, frames);
            size = start + length;
        } catch (IOException e) {
            channel.truncate(start);
            throw e;
        }
    }

    void force() throws IOException {
        channel.force(false);
    }

    FileChannel channel() {
        return channel;
    }

    long number() {
        return number;
    }

    long size() {
        return size;
    }

    void delete() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
