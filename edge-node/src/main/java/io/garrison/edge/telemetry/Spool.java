package io.garrison.edge.telemetry;

import io.garrison.edge.state.DurableFiles;
import io.garrison.protocol.MeterAck;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.Report.SpoolState;
import io.garrison.protocol.Telemetry.AccessEvent;
import io.garrison.protocol.Telemetry.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits on the disk to be told to management. Meter records stay until PostgreSQL has them; samples and events take
 * the room that is left, and the oldest of those go first. Thread-safe.
 */
public final class Spool implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Spool.class);
    private static final int LARGEST_SEGMENT = 4 << 20;

    private final long maxBytes;
    private final Clock clock;
    private final MeterLog meters;
    private final TelemetryLog telemetry;
    private final DeadLetters deadLetters;
    private final AtomicLong turnedAway = new AtomicLong();
    private boolean dropping;

    /**
     * @param directory belongs to the spool alone
     * @param maxBytes of disk, at least 1 MiB
     */
    public Spool(Path directory, long maxBytes, Clock clock) throws IOException {
        DurableFiles.ownDirectory(directory);
        this.maxBytes = maxBytes;
        this.clock = clock;
        this.deadLetters = new DeadLetters(directory.resolve("dead-letters"));
        this.meters = new MeterLog(directory.resolve("meters"), deadLetters.meters());
        this.telemetry =
                new TelemetryLog(directory.resolve("telemetry"), (int) Math.min(LARGEST_SEGMENT, maxBytes / 8));
    }

    /** Returns once the records are durable. They displace samples and events when there is no room. */
    public synchronized void addMeters(List<MeterRecord> records) throws IOException {
        try {
            meters.append(records);
        } catch (IOException e) {
            telemetry.shrinkTo(telemetry.bytes() / 2);
            meters.append(records);
        }
        makeRoom();
    }

    public synchronized void addSamples(List<Sample> samples) {
        add(samples.stream()
                .map(sample -> new TelemetryLog.Entry(
                        Frame.Kind.SAMPLE, sample.at().toEpochMilli(), ProtocolJson.write(sample)))
                .toList());
    }

    public synchronized void addEvents(List<AccessEvent> events) {
        add(events.stream()
                .map(event ->
                        new TelemetryLog.Entry(Frame.Kind.EVENT, event.at().toEpochMilli(), ProtocolJson.write(event)))
                .toList());
    }

    /** Counts what could not even wait for its turn. Does not wait itself. */
    void countDropped(int entries) {
        turnedAway.addAndGet(entries);
    }

    /** Makes samples and events survive a power cut. */
    public synchronized void force() throws IOException {
        telemetry.force();
    }

    /** Forgets records that PostgreSQL has committed. */
    public synchronized void acknowledge(List<MeterAck> acks) throws IOException {
        for (var ack : acks) {
            meters.acknowledge(ack);
        }
    }

    /** The last number of each stream and epoch that is not acknowledged. */
    public synchronized List<MeterAck> waiting() {
        return meters.waiting();
    }

    /** Sends meter records that were sent and not acknowledged once more. */
    public synchronized void resendMeters() {
        meters.rewind();
    }

    public synchronized SpoolState state() {
        try {
            long oldest = Stream.of(meters.oldestMillis(), telemetry.oldestMillis())
                    .flatMapToLong(millis -> millis.stream())
                    .min()
                    .orElse(clock.millis());
            return new SpoolState(
                    meters.pending() + telemetry.pending(),
                    meters.bytes() + telemetry.bytes(),
                    Math.max(0, (clock.millis() - oldest) / 1_000),
                    telemetry.dropped() + turnedAway.get());
        } catch (IOException e) {
            log.warn("Cannot read the spool: {}", e.toString());
            return new SpoolState(meters.pending() + telemetry.pending(), 0, 0, telemetry.dropped() + turnedAway.get());
        }
    }

    public synchronized long meterRecords() {
        return meters.pending();
    }

    /** Where meter records are that management has refused for good, if there are any. */
    public Path refusedMeters() {
        return deadLetters.meterFile();
    }

    public synchronized long refused() {
        return deadLetters.count();
    }

    synchronized MeterLog.Batch nextMeters(int maxEntries, int maxBytesOfBatch) throws IOException {
        return meters.next(maxEntries, maxBytesOfBatch);
    }

    synchronized TelemetryLog.Batch nextTelemetry(int maxEntries, int maxBytesOfBatch) throws IOException {
        return telemetry.next(maxEntries, maxBytesOfBatch);
    }

    synchronized void sent(MeterLog.Batch batch) {
        meters.sent(batch);
    }

    synchronized void sent(TelemetryLog.Batch batch) throws IOException {
        telemetry.sent(batch);
    }

    synchronized void bury(MeterLog.Entry entry, String reason) throws IOException {
        deadLetters.addMeter(entry.json(), reason);
        meters.bury(entry.position());
    }

    synchronized void bury(TelemetryLog.Entry entry, String reason) throws IOException {
        deadLetters.add(entry.json(), reason);
    }

    @Override
    public synchronized void close() throws IOException {
        telemetry.close();
        meters.close();
    }

    /** A disk that takes nothing more costs the oldest samples and events, never the agent. */
    private void add(List<TelemetryLog.Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        try {
            telemetry.append(new ArrayList<>(entries));
            makeRoom();
        } catch (IOException e) {
            log.warn("Cannot keep samples and events: {}", e.toString());
            try {
                telemetry.shrinkTo(telemetry.bytes() / 2);
                telemetry.append(new ArrayList<>(entries));
            } catch (IOException again) {
                telemetry.countDropped(entries.size());
            }
        }
    }

    private void makeRoom() throws IOException {
        long before = telemetry.dropped();
        telemetry.shrinkTo(Math.max(0, maxBytes - meters.bytes()));
        boolean drops = telemetry.dropped() > before;
        if (drops && !dropping) {
            log.warn("The spool is full; the oldest samples and events are dropped");
        }
        dropping = drops || (dropping && telemetry.bytes() > maxBytes / 2);
    }
}
