package io.garrison.edge.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HC-21: a worker is told for the last time when it has ended, and not when it could not be read. */
class WorkerReadingsTests {

    @TempDir
    Path directory;

    private ScriptedHaproxy haproxy;
    private WorkerReadings readings;

    @BeforeEach
    void serves() throws IOException {
        var layout = Layout.of(directory);
        haproxy = new ScriptedHaproxy(layout);
        readings = new WorkerReadings(layout, ScriptedHaproxy::stored);
        haproxy.bytesOut = 9_000;
        assertThat(readings.read()).singleElement().returns(9_000L, WorkerCounters::bytesOut);
    }

    @AfterEach
    void ends() throws IOException {
        readings.close();
        haproxy.close();
    }

    @Test
    void keepsAWorkerWhoseConnectionBreaksAndReachesForItAgain() throws IOException {
        haproxy.cutTaps();
        haproxy.bytesOut = 9_500;

        assertThat(readings.read()).singleElement().satisfies(counters -> {
            assertThat(counters.last()).isFalse();
            assertThat(counters.bytesOut()).as("what is known of it").isEqualTo(9_000);
        });
        assertThat(readings.newest()).as("its services are not down").hasSize(1);

        assertThat(readings.read()).singleElement().satisfies(counters -> {
            assertThat(counters.last()).isFalse();
            assertThat(counters.bytesOut()).isEqualTo(9_500);
        });
    }

    @Test
    void readsOneThatWasReplacedMeanwhileThroughTheMaster() throws IOException {
        haproxy.cutTaps();
        haproxy.old = List.of(haproxy.current);
        haproxy.current = 0;
        haproxy.stopping = true;
        haproxy.connections = 1;
        readings.read();
        haproxy.bytesOut = 9_700;

        assertThat(readings.read()).singleElement().satisfies(counters -> {
            assertThat(counters.last()).isFalse();
            assertThat(counters.bytesOut()).isEqualTo(9_700);
        });
        haproxy.connections = 0;
        assertThat(readings.read()).singleElement().satisfies(counters -> {
            assertThat(counters.last()).isTrue();
            assertThat(counters.complete()).isTrue();
        });
        assertThat(readings.read()).as("told once, though it is listed still").isEmpty();
    }

    @Test
    void readsTheOthersIfOneDoesNotAnswer() throws IOException {
        haproxy.old = List.of(4_000_002L, 4_000_003L, 4_000_004L);
        haproxy.silent = 4_000_002;
        try (var restarted = new WorkerReadings(Layout.of(directory), ScriptedHaproxy::stored)) {
            assertThat(restarted.read())
                    .extracting(WorkerCounters::pid)
                    .containsExactlyInAnyOrder(4_000_001L, 4_000_003L, 4_000_004L);
            haproxy.silent = 0;
            assertThat(restarted.read()).hasSize(4);
        }
    }

    @Test
    void tellsOneThatTheMasterDoesNotListAnyMore() throws IOException {
        haproxy.cutTaps();
        haproxy.current = 0;

        assertThat(readings.read()).singleElement().satisfies(counters -> {
            assertThat(counters.last()).isTrue();
            assertThat(counters.complete()).isFalse();
            assertThat(counters.bytesOut()).isEqualTo(9_000);
        });
        assertThat(readings.read()).isEmpty();
    }

    @Test
    void tellsThemApartWhenTheNextOneHasTheSamePid() throws IOException {
        haproxy.cutTaps();
        readings.read();
        haproxy.startedAt = 2_000;
        haproxy.bytesOut = 10;

        assertThat(readings.read())
                .satisfiesExactlyInAnyOrder(
                        former -> {
                            assertThat(former.last()).isTrue();
                            assertThat(former.bytesOut()).isEqualTo(9_000);
                        },
                        next -> {
                            assertThat(next.last()).isFalse();
                            assertThat(next.startedAt()).isEqualTo(2_000);
                            assertThat(next.bytesOut()).isEqualTo(10);
                        });
    }

    @Test
    void tellsOneThatEndsByItselfOnlyOnce() throws IOException {
        haproxy.stopping = true;
        assertThat(readings.read()).singleElement().returns(true, WorkerCounters::last);
        assertThat(readings.read()).as("listed as the current one still").isEmpty();
    }
}
