package io.garrison.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisedProgramTests {

    @TempDir
    private Path scratch;

    @Test
    void startsAgainWhatDiesAndEndsWhatRuns() throws Exception {
        long second;
        try (var program = start("echo \"I am $WHO\"; echo READY; exec sleep 60")) {
            long first = program.pid();
            assertThat(Files.readString(scratch.resolve("log"))).contains("I am the edge");

            assertThat(ProcessHandle.of(first).orElseThrow().destroyForcibly()).isTrue();

            await(() -> program.pid() != first);
            second = program.pid();
            assertThat(ProcessHandle.of(second)).isPresent();
        }
        assertThat(ProcessHandle.of(second).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void saysWhyItDoesNotStart() {
        assertThatExceptionOfType(EmbeddedException.class)
                .isThrownBy(() -> start("echo no state; exit 3"))
                .withMessageContaining("The edge ended with status 3")
                .withMessageContaining("no state");
    }

    private SupervisedProgram start(String script) {
        return SupervisedProgram.start(
                "The edge",
                List.of("/bin/sh", "-c", script),
                Map.of("WHO", "the edge"),
                scratch.resolve("log"),
                scratch.resolve("pid"));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Instant limit = Instant.now().plus(Duration.ofSeconds(30));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(limit);
            Thread.sleep(20);
        }
    }
}
