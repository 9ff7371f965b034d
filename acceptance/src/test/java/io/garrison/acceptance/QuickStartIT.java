package io.garrison.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of classes that makes starts quick. A JVM that cannot use one starts slowly and does not say so. */
class QuickStartIT {

    /** Another layout of objects than the archive was made with. */
    private static final String UNFIT = "-XX:+UseCompactObjectHeaders";

    @TempDir
    private Path directory;

    @Test
    void theApplicationStartsFromTheArchive() {
        var outcome = down(Map.of("GARRISON_AOT", "required"));

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("Nothing runs");
    }

    @Test
    void anArchiveThatDoesNotFitIsAFailureWhereItIsRequired() {
        var outcome = down(Map.of("GARRISON_AOT", "required", "JAVA_TOOL_OPTIONS", UNFIT));

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).contains("AOT cache");
    }

    @Test
    void anArchiveThatDoesNotFitIsPassedOverOtherwise() {
        assertThat(down(Map.of("JAVA_TOOL_OPTIONS", UNFIT)).err()).contains("Nothing runs");
        assertThat(down(Map.of("GARRISON_AOT", "off", "JAVA_TOOL_OPTIONS", UNFIT))
                        .err())
                .contains("Nothing runs");
    }

    @Test
    void anythingElseIsWrongUsage() {
        assertThat(down(Map.of("GARRISON_AOT", "maybe")).status()).isEqualTo(2);
    }

    /** The shortest command of the application: there is nothing to stop. */
    private Launched.Finished down(Map<String, String> environment) {
        return Launched.run(
                directory,
                environment,
                "down",
                "--data",
                directory.resolve("nothing").toString());
    }
}
