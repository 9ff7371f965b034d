package io.garrison.edge.telemetry;

import io.garrison.edge.state.DurableFiles;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.core.JacksonException;

/**
 * What management has refused for good, one JSON document per line with the reason. Meter records are kept for ever,
 * because each is money; of the rest the file is started anew when it is full.
 */
final class DeadLetters {

    private static final long LIMIT = 4 << 20;

    private final Path meters;
    private final Path others;
    private long count;

    DeadLetters(Path directory) throws IOException {
        DurableFiles.ownDirectory(directory);
        this.meters = directory.resolve("meters.jsonl");
        this.others = directory.resolve("others.jsonl");
    }

    Set<MeterLog.Position> meters() throws IOException {
        var dead = new HashSet<MeterLog.Position>();
        if (Files.exists(meters)) {
            for (var line : Files.readAllLines(meters)) {
                try {
                    var record =
                            ProtocolJson.mapper().readTree(line).get("record").toString();
                    var meter = ProtocolJson.read(record.getBytes(StandardCharsets.UTF_8), MeterRecord.class);
                    dead.add(new MeterLog.Position(new MeterLog.Key(meter.stream(), meter.epoch()), meter.sequence()));
                } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
                    // a torn last line: its record is refused once more
                }
            }
        }
        return dead;
    }

    void addMeter(byte[] json, String reason) throws IOException {
        write(meters, json, reason);
    }

    void add(byte[] json, String reason) throws IOException {
        if (Files.exists(others) && Files.size(others) > LIMIT) {
            Files.delete(others);
        }
        write(others, json, reason);
    }

    Path meterFile() {
        return meters;
    }

    long count() {
        return count;
    }

    private void write(Path file, byte[] json, String reason) throws IOException {
        var line = "{\"reason\":" + ProtocolJson.mapper().writeValueAsString(reason) + ",\"record\":"
                + new String(json, StandardCharsets.UTF_8) + "}\n";
        try (FileChannel channel = DurableFiles.openOwned(file)) {
            channel.position(channel.size());
            DurableFiles.writeFully(channel, ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            channel.force(false);
        }
        count++;
    }
}
