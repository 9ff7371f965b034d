package io.garrison.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ModeFootprintsTests {

    /** Advice about modes goes by what {@code ./garrison bench modes} measured, and by nothing else. */
    @Test
    void theAdviceGoesByTheFiguresThatWereKept() throws IOException {
        try (var taken = ModeFootprintsTests.class.getResourceAsStream("/io/garrison/tenancy/mode-footprints.json")) {
            assertThat(new String(taken.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(Files.readString(Path.of("results/modes.json")));
        }
    }
}
