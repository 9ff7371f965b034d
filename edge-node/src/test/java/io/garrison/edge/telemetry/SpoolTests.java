package io.garrison.edge.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.MeterAck;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.protocol.MeterRecord.Source;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.Telemetry.AccessEvent;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MS-07, PX-18: what is counted waits on the disk until it has arrived. */
class SpoolTests {

    private static final UUID STREAM = new UUID(1, 1);
    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW.plusSeconds(60), ZoneOffset.UTC);

    @TempDir
    Path directory;

    @Test
    void keepsMeterRecordsUntilTheyAreAcknowledged() throws IOException {
        try (var spool = open(1 << 20)) {
            spool.addMeters(records(1, 1, 10));
            spool.sent(spool.nextMeters(5_000, 1 << 20));
            assertThat(spool.nextMeters(5_000, 1 << 20).entries()).isEmpty();
            assertThat(spool.state().records()).isEqualTo(10);

            spool.acknowledge(List.of(new MeterAck(STREAM, 1, 4)));
            assertThat(spool.state().records()).isEqualTo(6);
            spool.resendMeters();
            assertThat(spool.nextMeters(5_000, 1 << 20).entries()).hasSize(6);
            assertThat(spool.waiting()).containsExactly(new MeterAck(STREAM, 1, 10));

            spool.acknowledge(List.of(new MeterAck(STREAM, 1, 10)));
            assertThat(spool.state().records()).isZero();
            assertThat(spool.state().bytes()).isZero();
        }
    }

    /** Management tells of each stream for long after its service is gone. */
    @Test
    void remembersNothingOfStreamsOfWhichItHoldsNoRecord() throws IOException {
        var log = new MeterLog(Files.createDirectory(directory.resolve("meters")), Set.of());
        for (int epoch = 1; epoch <= 50; epoch++) {
            log.append(records(epoch, 1, 1));
            log.acknowledge(new MeterAck(STREAM, epoch, 1));
            log.acknowledge(new MeterAck(STREAM, epoch, 1));
        }

        assertThat(log.remembered()).isZero();
        log.close();
    }

    @Test
    void sendsUnacknowledgedRecordsAgainAfterARestart() throws IOException {
        try (var spool = open(1 << 20)) {
            spool.addMeters(records(1, 1, 3));
            spool.sent(spool.nextMeters(5_000, 1 << 20));
        }

        try (var spool = open(1 << 20)) {
            assertThat(spool.nextMeters(5_000, 1 << 20).entries()).hasSize(3);
        }
    }

    /** A gap that nothing will fill, because what was in it is dead or management was restored, keeps nothing here. */
    @Test
    void forgetsWhatIsAcknowledgedBeyondAGap() throws IOException {
        try (var spool = open(1 << 20)) {
            spool.addMeters(records(1, 1, 10));

            spool.acknowledge(
                    List.of(new MeterAck(STREAM, 1, 2, List.of(new MeterAck.Range(4, 6), new MeterAck.Range(8, 8)))));

            assertThat(spool.nextMeters(5_000, 1 << 20).entries())
                    .extracting(entry -> entry.position().sequence())
                    .containsExactly(3L, 7L, 9L, 10L);
            assertThat(spool.state().records()).isEqualTo(4);
            spool.acknowledge(List.of(new MeterAck(STREAM, 1, 2, List.of(new MeterAck.Range(8, 10)))));
            assertThat(spool.waiting()).containsExactly(new MeterAck(STREAM, 1, 7));
            spool.acknowledge(List.of(new MeterAck(STREAM, 1, 7)));
            assertThat(spool.state().records()).isZero();
            assertThat(spool.state().bytes()).isZero();
        }
    }

    @Test
    void acknowledgesOneEpochAndNotTheOther() throws IOException {
        try (var spool = open(1 << 20)) {
            spool.addMeters(records(1, 1, 3));
            spool.addMeters(records(2, 1, 3));
            spool.acknowledge(List.of(new MeterAck(STREAM, 2, 3)));

            assertThat(spool.waiting()).containsExactly(new MeterAck(STREAM, 1, 3));
            assertThat(spool.state().records()).isEqualTo(3);
        }
    }

    @Test
    void dropsTheOldestEventsWhenFullAndNeverAMeterRecord() throws IOException {
        try (var spool = open(1 << 20)) {
            spool.addMeters(records(1, 1, 500));
            for (int i = 0; i < 100; i++) {
                spool.addEvents(events(i * 100, 100));
            }

            var state = spool.state();
            assertThat(state.bytes()).isLessThanOrEqualTo((1 << 20) + (1 << 17));
            assertThat(state.dropped()).isPositive();
            assertThat(spool.meterRecords()).isEqualTo(500);
            assertThat(state.records() - 500 + state.dropped()).isEqualTo(10_000);
            var first = spool.nextTelemetry(1, 1 << 20).entries().getFirst();
            assertThat(event(first).clientPort()).as("the oldest that is left").isEqualTo((int) state.dropped());
        }
    }

    @Test
    void replaysEventsInOrderAcrossRestarts() throws IOException {
        var seen = new ArrayList<Integer>();
        try (var spool = open(4 << 20)) {
            spool.addEvents(events(0, 300));
            var batch = spool.nextTelemetry(120, 1 << 20);
            batch.entries().forEach(entry -> seen.add(event(entry).clientPort()));
            spool.sent(batch);
            spool.addEvents(events(300, 50));
        }
        try (var spool = open(4 << 20)) {
            assertThat(spool.state().records()).isEqualTo(230);
            for (var batch = spool.nextTelemetry(100, 1 << 20);
                    !batch.entries().isEmpty();
                    batch = spool.nextTelemetry(100, 1 << 20)) {
                batch.entries().forEach(entry -> seen.add(event(entry).clientPort()));
                spool.sent(batch);
            }
            assertThat(spool.state().records()).isZero();
            assertThat(spool.state().bytes()).isZero();
        }
        assertThat(seen).isEqualTo(IntStream.range(0, 350).boxed().toList());
    }

    @Test
    void survivesAWriteThatWasTornAnywhere() throws IOException {
        try (var spool = open(1 << 20)) {
            spool.addMeters(records(1, 1, 2));
            spool.addEvents(events(0, 2));
        }
        var meters = segmentIn("meters");
        var wholeMeters = Files.readAllBytes(meters);
        for (var part : List.of("meters", "telemetry")) {
            var segment = segmentIn(part);
            var whole = Files.readAllBytes(segment);
            for (int cut = 1; cut < whole.length; cut += 7) {
                try (var file = new RandomAccessFile(segment.toFile(), "rw")) {
                    file.setLength(0);
                    file.write(whole, 0, whole.length - cut);
                }
                try (var spool = open(1 << 20)) {
                    assertThat(spool.state().records()).isLessThan(4);
                    spool.addMeters(records(9, 1, 1));
                    assertThat(spool.nextMeters(10, 1 << 20).entries()).isNotEmpty();
                    spool.acknowledge(List.of(new MeterAck(STREAM, 9, 1)));
                }
                Files.write(segment, whole);
                Files.write(meters, wholeMeters);
            }
        }
    }

    @Test
    void setsARefusedRecordAsideForGood() throws IOException {
        try (var spool = open(1 << 20)) {
            spool.addMeters(records(1, 1, 3));
            var poison = spool.nextMeters(5_000, 1 << 20).entries().get(1);
            spool.bury(poison, "not yours");
        }
        try (var spool = open(1 << 20)) {
            assertThat(spool.nextMeters(5_000, 1 << 20).entries())
                    .extracting(entry -> entry.position().sequence())
                    .containsExactly(1L, 3L);
            assertThat(spool.state().records()).isEqualTo(2);
        }
        assertThat(Files.readString(directory.resolve("dead-letters/meters.jsonl"), StandardCharsets.UTF_8))
                .contains("\"reason\":\"not yours\"")
                .contains("\"sequence\":2");
    }

    @Test
    void tellsTheAgeOfTheOldestEntry() throws IOException {
        try (var spool = open(1 << 20)) {
            assertThat(spool.state().oldestSeconds()).isZero();
            spool.addMeters(records(1, 1, 1));
            assertThat(spool.state().oldestSeconds()).isEqualTo(60);
        }
    }

    private Spool open(long maxBytes) throws IOException {
        return new Spool(directory, maxBytes, CLOCK);
    }

    private Path segmentIn(String part) throws IOException {
        try (var files = Files.list(directory.resolve(part))) {
            return files.filter(file -> file.toString().endsWith(".seg"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static AccessEvent event(TelemetryLog.Entry entry) {
        return ProtocolJson.read(entry.json(), AccessEvent.class);
    }

    private static List<MeterRecord> records(long epoch, int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> new MeterRecord(
                        STREAM, "shop", epoch, 5, i, 1, Kind.CLOSE, NOW, Source.PROXY, i, i, i, i, i, i, true))
                .toList();
    }

    private static List<AccessEvent> events(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> new AccessEvent(
                        new UUID(2, i),
                        NOW,
                        "shop",
                        "192.0.2.1",
                        i,
                        "GET",
                        "shop.example",
                        "/",
                        "probe",
                        200,
                        1,
                        2,
                        0.5,
                        "web",
                        "web/1",
                        "----",
                        "ALLOWED",
                        null))
                .toList();
    }
}
