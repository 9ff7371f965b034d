package io.garrison.edge.shaping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.garrison.edge.meter.ByteCounters.Endpoint;
import io.garrison.edge.meter.Counts;
import io.garrison.protocol.ThroughputShare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShaperTests {

    private static final String DEFECT = "a defect";

    @TempDir
    Path temp;

    private final List<String> kernel = new ArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();
    private List<Endpoint> endpoints = List.of(new Endpoint("shop", "192.0.2.1", 80));
    private String refusal = "";

    private Shaper shaper() {
        return new Shaper(
                temp.resolve("share.json"),
                new Limiter() {
                    @Override
                    public void limit(long bps, Collection<Endpoint> at) throws IOException {
                        if (refusal.equals(DEFECT)) {
                            throw new IllegalStateException(refusal);
                        }
                        if (!refusal.isEmpty()) {
                            throw new LimitRefusedException(refusal);
                        }
                        kernel.add(bps + " at " + at.size());
                    }

                    @Override
                    public void remove() {
                        kernel.add("free");
                    }
                },
                () -> endpoints,
                changes::incrementAndGet);
    }

    @Test
    void touchesNothingBeforeItWasToldAnything() {
        var shaper = shaper();
        shaper.tend();

        assertThat(kernel).isEmpty();
        assertThat(shaper.state().inForce().number()).isZero();
        assertThat(shaper.state().limiting()).isFalse();
    }

    @Test
    void saysThatAShareIsInForceWhenItIsAndNotBefore() throws Exception {
        var shaper = shaper();
        shaper.take(new ThroughputShare(1, 1_000L));
        shaper.tend();
        shaper.take(new ThroughputShare(2, 2_000L));
        assertThat(shaper.state().inForce().number()).isEqualTo(1);

        shaper.tend();

        assertThat(kernel).containsExactly("1000 at 1", "2000 at 1");
        assertThat(shaper.state()).isEqualTo(new Shaper.State(new ThroughputShare(2, 2_000L), true, null));
        assertThat(changes).hasValue(2);
    }

    @Test
    void holdsTheLastShareAfterARestart() throws Exception {
        shaper().take(new ThroughputShare(7, 1_000L));

        var next = shaper();
        next.tend();

        assertThat(next.state().inForce()).isEqualTo(new ThroughputShare(7, 1_000L));
        assertThat(kernel).containsExactly("1000 at 1");
    }

    @Test
    void takesAwayOnceWhatAnEarlierRunMayHaveLeft() throws Exception {
        shaper().take(new ThroughputShare(8, null));

        var next = shaper();
        next.tend();
        next.tend();

        assertThat(kernel).containsExactly("free");
        assertThat(next.state()).isEqualTo(new Shaper.State(new ThroughputShare(8, null), false, null));
    }

    @Test
    void saysWhyItDoesNotLimit() throws Exception {
        var shaper = shaper();
        refusal = "tc is not installed";
        shaper.take(new ThroughputShare(1, 1_000L));
        shaper.tend();
        assertThat(shaper.state())
                .isEqualTo(new Shaper.State(new ThroughputShare(1, 1_000L), false, "tc is not installed"));

        refusal = "";
        endpoints = List.of(new Endpoint("shop", "192.0.2.1", 80), new Endpoint("local", "127.0.0.9", 80));
        shaper.tend();

        assertThat(shaper.state().limiting()).as("not all of it").isFalse();
        assertThat(shaper.state().reason()).contains("local").contains("loopback");
        assertThat(kernel).as("half a limit is none").containsExactly("free", "1000 at 2");
    }

    @Test
    void survivesADefectAndTakesAwayWhatItLeft() throws Exception {
        var shaper = shaper();
        refusal = DEFECT;
        shaper.take(new ThroughputShare(1, 1_000L));

        shaper.tend();

        assertThat(shaper.state()).isEqualTo(new Shaper.State(new ThroughputShare(1, 1_000L), false, DEFECT));
        assertThat(kernel).containsExactly("free");
    }

    @Test
    void waitsForNoProgramThatHangs() {
        var hanging = new Program(Path.of("/bin/sleep"), Duration.ofMillis(200));

        assertThatThrownBy(() -> hanging.run("30"))
                .isInstanceOf(LimitRefusedException.class)
                .hasMessage("sleep: did not answer in time");
    }

    @Test
    void waitsForAnotherShareIfTheDiskHasNone() throws Exception {
        Files.writeString(temp.resolve("share.json"), "{\"num");
        var shaper = shaper();
        shaper.tend();
        assertThat(kernel).isEmpty();
    }

    @Test
    void measuresTheHighestSecondUntilAReportOfItIsAnswered() {
        var rates = new Rates();
        long second = 1_000_000_000L;
        rates.read(new Counts(5_000_000, 5_000_000, 0, 0), 0);
        rates.read(new Counts(5_001_000, 5_000_000, 0, 0), second);
        rates.read(new Counts(5_001_000, 5_004_000, 0, 0), 2 * second);
        var expected = new Rates.Seen(2_000, 1_000, 4_000, 8_000, 32_000);
        assertThat(rates.total()).isEqualTo(5_000);
        rates.answered();
        assertThat(rates.seen())
                .as("not what passed before this run, and no peak is lost to whoever asks for the total")
                .isEqualTo(expected);
        assertThat(rates.seen()).as("the report was lost").isEqualTo(expected);

        rates.answered();
        rates.read(new Counts(5_001_000, 5_004_500, 0, 0), 3 * second);

        assertThat(rates.seen()).isEqualTo(new Rates.Seen(3_000, 1_000, 4_500, 0, 4_000));
    }
}
