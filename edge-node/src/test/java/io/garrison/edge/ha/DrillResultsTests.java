package io.garrison.edge.ha;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.Availability.DrillResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HA-02: what was rehearsed is told, whoever ends meanwhile. */
class DrillResultsTests {

    @TempDir
    Path directory;

    private DrillResults results;

    @BeforeEach
    void readsThem() {
        results = new DrillResults(directory.resolve("drills.json"));
    }

    private static DrillResult result(UUID drill) {
        return new DrillResult(drill, "YIELDED", Instant.EPOCH, 70L, null, null, null, null, null, null);
    }

    @Test
    void keepsAResultUntilItIsTaken() {
        var first = UUID.randomUUID();
        var second = UUID.randomUUID();
        results.add(result(first));
        results.add(result(second));

        results.taken(List.of());
        assertThat(results.waiting()).extracting(DrillResult::drillId).containsExactly(first, second);
        results.taken(List.of(first, UUID.randomUUID()));
        assertThat(results.waiting()).extracting(DrillResult::drillId).containsExactly(second);
    }

    @Test
    void tellsAfterARestartWhatManagementHasNotTaken() throws IOException {
        var first = UUID.randomUUID();
        var second = UUID.randomUUID();
        results.add(result(first));
        results.add(result(second));

        readsThem();
        assertThat(results.waiting()).containsExactly(result(first), result(second));
        assertThat(results.has(first)).isTrue();
        results.taken(List.of(first));
        readsThem();
        assertThat(results.waiting()).containsExactly(result(second));
        assertThat(results.has(first)).isFalse();
        results.taken(List.of(second));
        assertThat(directory).isEmptyDirectory();
        Files.writeString(directory.resolve("drills.json"), "{\"results\":");
        readsThem();
        assertThat(results.waiting()).isEmpty();
    }

    @Test
    void forgetsTheOldestIfNobodyTakesThem() {
        var drills = Stream.generate(UUID::randomUUID)
                .limit(DrillResults.CAPACITY + 1L)
                .toList();
        drills.forEach(drill -> results.add(result(drill)));

        assertThat(results.waiting())
                .extracting(DrillResult::drillId)
                .containsExactlyElementsOf(drills.subList(1, drills.size()));
    }
}
