package io.garrison.edge.ha;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.Availability.DrillResult;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DrillResultsTests {

    private final DrillResults results = new DrillResults();

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
