package io.garrison.reporting.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.protocol.MeterRecord.Source;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MeterCodecTests {

    private static final String GOLDEN = "01" // version
            + "00000000000000010000000000000002" // tenant
            + "00000000000000030000000000000004" // sub-licence
            + "00000000000000050000000000000006" // stack
            + "00000000000000070000000000000008" // instance
            + "0000019aa58e3f7b" // received
            + "0000000000000009000000000000000a" // stream
            + "0473686f70" // virtual service
            + "fffffffffffffffe" // nonce
            + "0000019aa58e3c00" // at
            + "07" // FINAL, PROXY, exact
            + "03" // epoch
            + "8501" // sequence
            + "99d0d502" // bucket
            + "00" // bytes in
            + "ffffffffffffff0f" // bytes out
            + "7f" // requests
            + "8001" // connections
            + "80c0caf384a302" // active
            + "80897a"; // peak

    private static StampedMeter golden() {
        return new StampedMeter(
                new UUID(1, 2),
                new UUID(3, 4),
                new UUID(5, 6),
                new UUID(7, 8),
                Instant.ofEpochMilli(0x19aa58e3f7bL),
                new MeterRecord(
                        new UUID(9, 10),
                        "shop",
                        3,
                        -2,
                        133,
                        5_597_209,
                        Kind.FINAL,
                        Instant.ofEpochMilli(0x19aa58e3c00L),
                        Source.PROXY,
                        0,
                        TelemetryRules.MAX_COUNTER - 1,
                        127,
                        128,
                        10_000_000_000_000L,
                        2_000_000,
                        true));
    }

    @Test
    void writesVersionOneAsItWasReleased() {
        assertThat(HexFormat.of().formatHex(MeterCodec.encode(golden()))).isEqualTo(GOLDEN);
    }

    @Test
    void readsVersionOneAsItWasReleased() {
        assertThat(MeterCodec.decode(HexFormat.of().parseHex(GOLDEN))).isEqualTo(golden());
    }

    @Test
    void refusesEveryTruncationAndEverySurplus() {
        var whole = MeterCodec.encode(golden());

        for (var length = 0; length < whole.length; length++) {
            var cut = Arrays.copyOf(whole, length);
            assertThatExceptionOfType(BadRecord.class).as("%d bytes", length).isThrownBy(() -> MeterCodec.decode(cut));
        }
        assertThatExceptionOfType(BadRecord.class)
                .isThrownBy(() -> MeterCodec.decode(Arrays.copyOf(whole, whole.length + 1)));
    }

    @Test
    void namesAnUnknownVersion() {
        var bytes = MeterCodec.encode(golden());
        bytes[0] = 2;

        assertThatExceptionOfType(BadRecord.class)
                .isThrownBy(() -> MeterCodec.decode(bytes))
                .satisfies(e -> assertThat(e.reason()).isEqualTo("version-unknown"));
    }

    @Test
    void refusesCountersBeyondSixtyThreeBits() {
        var bytes = HexFormat.of().parseHex(GOLDEN.replace("80c0caf384a302", "ffffffffffffffffff01"));

        assertThatExceptionOfType(BadRecord.class)
                .isThrownBy(() -> MeterCodec.decode(bytes))
                .satisfies(e -> assertThat(e.reason()).isEqualTo("out-of-range"));
    }

    @Test
    void neverFailsInAnotherWayThanByRefusing() {
        var random = new Random(7);
        var whole = MeterCodec.encode(golden());

        for (var round = 0; round < 50_000; round++) {
            var bytes = whole.clone();
            for (var change = 0; change <= random.nextInt(4); change++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                MeterCodec.decode(bytes);
            } catch (BadRecord e) {
                assertThat(e.reason()).matches("[a-z-]+");
            }
        }
    }

    @Test
    void writesNoNegativeCounter() {
        var golden = golden();
        var meter = golden.meter();
        var negative = new MeterRecord(
                meter.stream(), "shop", 1, 1, 1, 1, Kind.CLOSE, meter.at(), Source.KERNEL, -1, 0, 0, 0, 0, 0, true);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeterCodec.encode(new StampedMeter(
                        golden.tenant(),
                        golden.subLicense(),
                        golden.stack(),
                        golden.instance(),
                        golden.receivedAt(),
                        negative)));
    }
}
