package io.garrison.edge.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TimedTests {

    @Test
    void goesOnWithoutProbesThatDoNotEnd() throws Exception {
        var ended = new CountDownLatch(1);
        var findings = Timed.within(Duration.ofMillis(50), Layer.DISCOVERY, () -> {
            try {
                Thread.sleep(Duration.ofHours(1));
                return List.of();
            } finally {
                ended.countDown();
            }
        });
        assertThat(findings).extracting(Finding::id).containsExactly("discovery.time");
        assertThat(findings.getFirst().isBad()).isTrue();
        ended.await();
    }

    @Test
    void passesOnWhatWasFoundInTime() throws Exception {
        var found = List.of(Finding.good(Layer.PEERS, "DI-T03", "well"));
        assertThat(Timed.within(Duration.ofMinutes(1), Layer.PEERS, () -> found))
                .isEqualTo(found);
    }
}
