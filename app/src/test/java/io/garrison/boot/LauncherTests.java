package io.garrison.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher's own decisions: none of these starts a build or a server. */
class LauncherTests {

    private static final Path LAUNCHER =
            Path.of("..", "garrison").toAbsolutePath().normalize();

    private record Outcome(int status, String out, String err) {}

    @TempDir
    private Path scratch;

    @ParameterizedTest
    @ValueSource(strings = {"frobnicate", "private-cloud", "--data"})
    void anUnknownCommandIsWrongUsage(String command) throws Exception {
        Outcome outcome = run(LAUNCHER, System.getenv("PATH"), command);

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("unknown command " + command).contains("usage: ./garrison");
    }

    @Test
    void noCommandIsWrongUsageAndHelpIsNot() throws Exception {
        Outcome none = run(LAUNCHER, System.getenv("PATH"));
        Outcome help = run(LAUNCHER, System.getenv("PATH"), "--help");

        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("usage: ./garrison");
        assertThat(help.status()).isZero();
        assertThat(help.out()).contains("usage: ./garrison");
    }

    @ParameterizedTest
    @ValueSource(strings = {"test", "clean"})
    void commandsWithoutOptionsRefuseThem(String command) throws Exception {
        assertThat(run(LAUNCHER, System.getenv("PATH"), command, "--fast").status())
                .isEqualTo(2);
    }

    @Test
    void withoutMavenItSaysWhatToInstall() throws Exception {
        Path copy = Files.copy(LAUNCHER, scratch.resolve("garrison"));

        Outcome outcome = run(copy, toolsOnly().toString(), "up");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).contains("Maven 3.8").contains("apt-get install maven");
    }

    @Test
    void anOldMavenIsNotEnough() throws Exception {
        Path copy = Files.copy(LAUNCHER, scratch.resolve("garrison"));
        Path tools = toolsOnly();
        Path old = Files.writeString(tools.resolve("mvn"), "#!/bin/sh\necho 'Apache Maven 3.6.3 (abc)'\n");
        assertThat(old.toFile().setExecutable(true)).isTrue();

        Outcome outcome = run(copy, tools.toString(), "up");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).contains("Maven 3.8");
    }

    @Test
    void aFailingBuildIsToldAndIsAFailure() throws Exception {
        Path copy = Files.copy(LAUNCHER, scratch.resolve("garrison"));
        Path tools = toolsOnly();
        Path maven = Files.writeString(tools.resolve("mvn"), """
                #!/bin/sh
                [ "$1" = -v ] && { echo 'Apache Maven 3.9.9 (abc)'; exit 0; }
                echo '[ERROR] something is wrong'
                exit 1
                """);
        assertThat(maven.toFile().setExecutable(true)).isTrue();

        Outcome outcome = run(copy, tools.toString(), "up");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).contains("[ERROR] something is wrong").contains("The build failed");
    }

    /** A search path with the usual tools, but with no Maven on it. */
    private Path toolsOnly() throws IOException {
        Path tools = Files.createDirectory(scratch.resolve("tools"));
        for (String tool : List.of(
                "sh", "sed", "head", "dirname", "readlink", "find", "mkdir", "touch", "grep", "flock", "cat", "id")) {
            for (String directory : List.of("/usr/bin", "/bin")) {
                Path program = Path.of(directory, tool);
                if (Files.isExecutable(program) && !Files.exists(tools.resolve(tool))) {
                    Path call = Files.writeString(tools.resolve(tool), "#!/bin/sh\nexec " + program + " \"$@\"\n");
                    assertThat(call.toFile().setExecutable(true)).isTrue();
                }
            }
        }
        return tools;
    }

    private Outcome run(Path launcher, String path, String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("/bin/sh", launcher.toString()));
        command.addAll(List.of(words));
        Path out = scratch.resolve("out");
        Path err = scratch.resolve("err");
        var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(Map.of("PATH", path, "JAVA_HOME", System.getProperty("java.home")));
        int status = builder.start().waitFor();
        return new Outcome(
                status, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }
}
