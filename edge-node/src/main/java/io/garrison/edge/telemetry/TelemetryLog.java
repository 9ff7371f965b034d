package io.garrison.edge.telemetry;

import io.garrison.edge.state.DurableFiles;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Samples and events, in order, until they are sent. When the room is used up the oldest go, and are counted. After a
 * crash the end of what was sent may be sent again; receivers know repeats by their ids. Not thread-safe.
 */
final class TelemetryLog {

    private final Path directory;
    private final Path cursorFile;
    private final int segmentBytes;
    private final TreeMap<Long, Held> segments = new TreeMap<>();
    private long newest;
    private long headSegment;
    private long headOffset;
    private long headEntries;
    private long dropped;

    private record Cursor(long segment, long offset, long dropped) {}

    private static final class Held {
        private final Segment segment;
        private long entries;

        private Held(Segment segment) {
            this.segment = segment;
        }
    }

    /** An entry that waits to be written or sent. */
    record Entry(Frame.Kind kind, long atMillis, byte[] json) {}

    record Batch(List<Entry> entries, long upToSegment, long upToOffset) {}

    TelemetryLog(Path directory, int segmentBytes) throws IOException {
        this.directory = directory;
        this.segmentBytes = segmentBytes;
        this.cursorFile = directory.resolve("cursor.json");
        for (long number : Segment.numbersIn(directory)) {
            long[] entries = {0};
            var held = new Held(Segment.open(directory, number, frame -> entries[0]++));
            held.entries = entries[0];
            segments.put(number, held);
            newest = number;
        }
        restoreCursor();
    }

    /** Appends without waiting for the disk; {@link #force} does. */
    void append(List<Entry> entries) throws IOException {
        if (segments.isEmpty() || segments.lastEntry().getValue().segment.size() >= segmentBytes) {
            if (!segments.isEmpty()) {
                force();
            }
            long number = ++newest;
            segments.put(number, new Held(Segment.open(directory, number, frame -> {})));
        }
        var held = segments.lastEntry().getValue();
        int size = entries.stream().mapToInt(entry -> Frame.size(entry.json())).sum();
        var bytes = ByteBuffer.allocate(size);
        entries.forEach(entry -> Frame.put(bytes, entry.kind(), entry.atMillis(), entry.json()));
        held.segment.append(bytes.flip());
        held.entries += entries.size();
    }

    void force() throws IOException {
        if (!segments.isEmpty()) {
            segments.lastEntry().getValue().segment.force();
        }
    }

    Batch next(int maxEntries, int maxBytes) throws IOException {
        var entries = new ArrayList<Entry>();
        int bytes = 0;
        long segment = headSegment;
        long offset = headOffset;
        for (var held : segments.tailMap(headSegment, true).values()) {
            if (held.segment.number() != segment) {
                segment = held.segment.number();
                offset = 0;
            }
            for (var frame = Frame.read(held.segment.channel(), offset);
                    frame.isPresent();
                    frame = Frame.read(held.segment.channel(), offset)) {
                var json = frame.get().json();
                if (entries.size() == maxEntries || (bytes + json.length > maxBytes && !entries.isEmpty())) {
                    return new Batch(entries, segment, offset);
                }
                entries.add(new Entry(frame.get().kind(), frame.get().atMillis(), json));
                bytes += json.length;
                offset = frame.get().end();
            }
        }
        return new Batch(entries, segment, offset);
    }

    /** Forgets everything up to the end of the batch. */
    void sent(Batch batch) throws IOException {
        if (batch.upToSegment() < headSegment) {
            return; // dropped in the meantime
        }
        headSegment = batch.upToSegment();
        headOffset = batch.upToOffset();
        while (!segments.isEmpty() && segments.firstKey() < headSegment) {
            segments.pollFirstEntry().getValue().segment.delete();
        }
        countHead();
        var first = segments.firstEntry();
        if (first != null && headOffset >= first.getValue().segment.size()) {
            segments.pollFirstEntry().getValue().segment.delete();
            headSegment = first.getKey() + 1;
            headOffset = 0;
            headEntries = 0;
        }
        saveCursor();
    }

    /** Drops the oldest entries until no more than this is used. */
    void shrinkTo(long maxBytes) throws IOException {
        boolean any = false;
        while (bytes() > maxBytes && !segments.isEmpty()) {
            var oldest = segments.pollFirstEntry();
            dropped += oldest.getValue().entries - (oldest.getKey() == headSegment ? headEntries : 0);
            oldest.getValue().segment.delete();
            headSegment = oldest.getKey() + 1;
            headOffset = 0;
            headEntries = 0;
            any = true;
        }
        if (any) {
            saveCursor();
        }
    }

    long pending() {
        return segments.values().stream().mapToLong(held -> held.entries).sum() - headEntries;
    }

    long bytes() {
        return segments.values().stream().mapToLong(held -> held.segment.size()).sum();
    }

    long dropped() {
        return dropped;
    }

    void countDropped(int entries) {
        dropped += entries;
    }

    OptionalLong oldestMillis() throws IOException {
        var first = next(1, Integer.MAX_VALUE).entries();
        return first.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(first.getFirst().atMillis());
    }

    void close() throws IOException {
        force();
        for (var held : segments.values()) {
            held.segment.close();
        }
    }

    /** Where the sent entries of the first segment end, in entries. */
    private void countHead() throws IOException {
        headEntries = 0;
        var first = segments.get(headSegment);
        long offset = 0;
        while (first != null && offset < headOffset) {
            var frame = Frame.read(first.segment.channel(), offset);
            if (frame.isEmpty()) {
                break;
            }
            offset = frame.get().end();
            headEntries++;
        }
    }

    private void saveCursor() throws IOException {
        DurableFiles.replaceLazily(cursorFile, ProtocolJson.write(new Cursor(headSegment, headOffset, dropped)));
    }

    private void restoreCursor() throws IOException {
        if (Files.exists(cursorFile)) {
            try {
                var cursor = ProtocolJson.read(Files.readAllBytes(cursorFile), Cursor.class);
                headSegment = cursor.segment();
                headOffset = cursor.offset();
                dropped = cursor.dropped();
                newest = Math.max(newest, headSegment - 1);
            } catch (IllegalArgumentException e) {
                headSegment = 0; // a torn cursor costs repeats, not entries
            }
        }
        var head = segments.get(headSegment);
        if (head == null || headOffset > head.segment.size()) {
            headOffset = 0;
        }
        countHead();
    }
}
