package io.garrison.edge.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.protocol.MeterRecord.Source;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.Telemetry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShipperTests {

    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");

    @TempDir
    Path directory;

    private final List<Long> arrived = new ArrayList<>();
    private Instant clockOfManagement = NOW;
    private int requests;

    /** Which of the two clocks is wrong, nobody knows here; what was counted is right in any case. */
    @Test
    void keepsRegistersFromTheFutureAndSendsThemWhenItIsTime() throws Exception {
        try (var spool = new Spool(directory, 1 << 20, Clock.fixed(NOW, ZoneOffset.UTC))) {
            var shipper = new Shipper(spool, this::take);
            spool.addMeters(records(1, 20, NOW));
            spool.addMeters(records(21, 1_000, NOW.plusSeconds(3_600)));
            spool.addMeters(records(1_001, 1_010, NOW));

            shipper.shipMeters();

            assertThat(arrived)
                    .containsExactlyElementsOf(
                            IntStream.concat(IntStream.rangeClosed(1, 20), IntStream.rangeClosed(1_001, 1_010))
                                    .mapToObj(i -> (long) i)
                                    .toList());
            assertThat(requests).as("not one for each").isLessThan(40);
            assertThat(spool.refused()).isZero();

            clockOfManagement = NOW.plusSeconds(3_600);
            spool.resendMeters();
            shipper.shipMeters();
            assertThat(arrived).contains(21L, 500L, 1_000L);
        }
    }

    @Test
    void setsAsideWhatIsRefusedAndSendsTheOthers() throws Exception {
        try (var spool = new Spool(directory, 1 << 20, Clock.fixed(NOW, ZoneOffset.UTC))) {
            spool.addMeters(records(1, 5, NOW));

            new Shipper(spool, gzipped -> {
                        if (read(gzipped).meters().stream().anyMatch(record -> record.sequence() == 3)) {
                            throw new Shipper.Refused("not yours");
                        }
                        take(gzipped);
                    })
                    .shipMeters();

            assertThat(arrived).containsExactly(1L, 2L, 4L, 5L);
            assertThat(spool.refused()).isEqualTo(1);
        }
    }

    private void take(byte[] gzipped) throws Shipper.Early, IOException {
        requests++;
        var batch = read(gzipped);
        if (batch.meters().stream().anyMatch(record -> record.at().isAfter(clockOfManagement))) {
            throw new Shipper.Early();
        }
        batch.meters().forEach(record -> arrived.add(record.sequence()));
    }

    private static Telemetry read(byte[] gzipped) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(gzipped))) {
            return ProtocolJson.read(in.readAllBytes(), Telemetry.class);
        }
    }

    private static List<MeterRecord> records(int from, int to, Instant at) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> new MeterRecord(
                        new UUID(1, 1), "shop", 1, 5, i, 1, Kind.CLOSE, at, Source.PROXY, i, i, i, i, i, i, true))
                .toList();
    }
}
