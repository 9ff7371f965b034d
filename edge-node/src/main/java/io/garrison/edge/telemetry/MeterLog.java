package io.garrison.edge.telemetry;

import io.garrison.edge.state.DurableFiles;
import io.garrison.protocol.MeterAck;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Meter records until their acknowledgement. Nothing else removes one, but a dead letter. Segments are small, because
 * one is deleted when all of its records are acknowledged. Not thread-safe.
 */
final class MeterLog {

    private static final int SEGMENT = 64 << 10;
    private static final SequenceSet NOTHING = new SequenceSet();

    private final Path directory;
    private final TreeMap<Long, Held> segments = new TreeMap<>();

    /** What of these segments needs no sending any more: acknowledged or dead. */
    private final Map<Key, SequenceSet> done = new HashMap<>();

    private long newest;
    private long cursorSegment;
    private long cursorOffset;

    record Key(UUID stream, long epoch) {}

    record Position(Key key, long sequence) {}

    /** A record on its way out. */
    record Entry(Position position, long atMillis, byte[] json) {}

    /** @param upToSegment where the log goes on once these are sent */
    record Batch(List<Entry> entries, long upToSegment, long upToOffset) {}

    private static final class Range {
        private long first = Long.MAX_VALUE;
        private long last;
    }

    private record Held(Segment segment, Map<Key, Range> ranges) {}

    /** @param dead records that management has refused for good */
    MeterLog(Path directory, Set<Position> dead) throws IOException {
        this.directory = directory;
        dead.forEach(position -> finish(position.key(), position.sequence(), position.sequence()));
        for (long number : Segment.numbersIn(directory)) {
            var ranges = new HashMap<Key, Range>();
            segments.put(
                    number, new Held(Segment.open(directory, number, frame -> note(ranges, position(frame))), ranges));
            newest = number;
        }
        forget();
        rewind();
    }

    /** Returns once the records are on the disk. */
    void append(List<MeterRecord> records) throws IOException {
        if (segments.isEmpty() || segments.lastEntry().getValue().segment().size() >= SEGMENT) {
            long number = ++newest;
            segments.put(number, new Held(Segment.open(directory, number, frame -> {}), new HashMap<>()));
            DurableFiles.forceDirectory(directory);
        }
        var held = segments.lastEntry().getValue();
        var frames = new ArrayList<byte[]>();
        records.forEach(record -> frames.add(ProtocolJson.write(record)));
        var bytes = ByteBuffer.allocate(frames.stream().mapToInt(Frame::size).sum());
        for (int i = 0; i < frames.size(); i++) {
            Frame.put(bytes, Frame.Kind.METER, records.get(i).at().toEpochMilli(), frames.get(i));
        }
        held.segment().append(bytes.flip());
        held.segment().force();
        records.forEach(record -> note(held.ranges(), position(record)));
    }

    void acknowledge(MeterAck ack) throws IOException {
        var key = new Key(ack.stream(), ack.epoch());
        if (segments.values().stream().noneMatch(held -> held.ranges().containsKey(key))) {
            return; // management tells it for long after
        }
        finish(key, 1, ack.sequence());
        ack.beyond().forEach(range -> finish(key, range.first(), range.last()));
        sweep();
    }

    /** The next records in order that nobody has acknowledged yet. */
    Batch next(int maxEntries, int maxBytes) throws IOException {
        var entries = new ArrayList<Entry>();
        int bytes = 0;
        long segment = cursorSegment;
        long offset = cursorOffset;
        for (var held : segments.tailMap(cursorSegment, true).values()) {
            if (held.segment().number() != segment) {
                segment = held.segment().number();
                offset = 0;
            }
            for (var frame = Frame.read(held.segment().channel(), offset);
                    frame.isPresent();
                    frame = Frame.read(held.segment().channel(), offset)) {
                var json = frame.get().json();
                if (entries.size() == maxEntries || (bytes + json.length > maxBytes && !entries.isEmpty())) {
                    return new Batch(entries, segment, offset);
                }
                var position = position(frame.get());
                if (isPending(position)) {
                    entries.add(new Entry(position, frame.get().atMillis(), json));
                    bytes += json.length;
                }
                offset = frame.get().end();
            }
        }
        return new Batch(entries, segment, offset);
    }

    void sent(Batch batch) {
        cursorSegment = batch.upToSegment();
        cursorOffset = batch.upToOffset();
    }

    /** Sends everything that is not acknowledged once more. */
    void rewind() {
        cursorSegment = segments.isEmpty() ? cursorSegment : segments.firstKey();
        cursorOffset = 0;
    }

    void bury(Position position) throws IOException {
        finish(position.key(), position.sequence(), position.sequence());
        sweep();
    }

    long pending() {
        return segments.values().stream().mapToLong(this::pending).sum();
    }

    long bytes() {
        return segments.values().stream()
                .mapToLong(held -> held.segment().size())
                .sum();
    }

    /** When the oldest record that waits was made. */
    OptionalLong oldestMillis() throws IOException {
        if (segments.isEmpty()) {
            return OptionalLong.empty();
        }
        var oldest = segments.firstEntry().getValue().segment();
        long offset = 0;
        for (var frame = Frame.read(oldest.channel(), 0);
                frame.isPresent();
                frame = Frame.read(oldest.channel(), offset)) {
            if (isPending(position(frame.get()))) {
                return OptionalLong.of(frame.get().atMillis());
            }
            offset = frame.get().end();
        }
        return OptionalLong.empty();
    }

    /** The last number of each stream and epoch that waits. */
    List<MeterAck> waiting() {
        var last = new HashMap<Key, Long>();
        segments.values()
                .forEach(held -> held.ranges().forEach((key, range) -> {
                    long sequence = done(key).highestAbsent(range.last);
                    if (sequence >= range.first) {
                        last.merge(key, sequence, Math::max);
                    }
                }));
        return last.entrySet().stream()
                .map(entry ->
                        new MeterAck(entry.getKey().stream(), entry.getKey().epoch(), entry.getValue()))
                .toList();
    }

    void close() throws IOException {
        for (var held : segments.values()) {
            held.segment().close();
        }
    }

    private void sweep() throws IOException {
        var finished =
                segments.values().stream().filter(held -> pending(held) == 0).toList();
        for (var held : finished) {
            long number = held.segment().number();
            segments.remove(number);
            held.segment().delete();
            if (cursorSegment == number) {
                cursorOffset = 0;
            }
        }
        if (!finished.isEmpty()) {
            forget();
        }
    }

    private void forget() {
        var held = segments.values().stream()
                .flatMap(segment -> segment.ranges().keySet().stream())
                .collect(Collectors.toSet());
        done.keySet().retainAll(held);
    }

    /** Streams and epochs that something is known of besides the records themselves. */
    int remembered() {
        return done.size();
    }

    private long pending(Held held) {
        long records = 0;
        for (var entry : held.ranges().entrySet()) {
            var range = entry.getValue();
            records += range.last - range.first + 1 - done(entry.getKey()).count(range.first, range.last);
        }
        return records;
    }

    private boolean isPending(Position position) {
        return !done(position.key()).holds(position.sequence());
    }

    private SequenceSet done(Key key) {
        return done.getOrDefault(key, NOTHING);
    }

    private void finish(Key key, long first, long last) {
        done.computeIfAbsent(key, unknown -> new SequenceSet()).add(first, last);
    }

    private static void note(Map<Key, Range> ranges, Position position) {
        var range = ranges.computeIfAbsent(position.key(), key -> new Range());
        range.first = Math.min(range.first, position.sequence());
        range.last = Math.max(range.last, position.sequence());
    }

    private static Position position(Frame frame) {
        return position(ProtocolJson.read(frame.json(), MeterRecord.class));
    }

    private static Position position(MeterRecord record) {
        return new Position(new Key(record.stream(), record.epoch()), record.sequence());
    }
}
