package io.garrison.edge.packaging;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs of the machine that runs the tests. */
final class Programs {

    static final Path DEB = Path.of("target", "garrison-edge.deb").toAbsolutePath();

    private static final long PATIENCE_SECONDS = 60;

    private Programs() {}

    /** @param output standard output and error together */
    record Result(int status, String output) {
        Result requireSuccess() {
            if (status != 0) {
                throw new AssertionError("ended with " + status + ": " + output);
            }
            return this;
        }
    }

    static Result run(List<String> command) throws IOException, InterruptedException {
        var out = Files.createTempFile("garrison-program", ".out");
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(out.toFile())
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " did not end: " + Files.readString(out));
            }
            return new Result(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
        } finally {
            Files.delete(out);
        }
    }

    static Result run(String... command) throws IOException, InterruptedException {
        return run(List.of(command));
    }

    static boolean installed(String... names) {
        return Stream.of(names)
                .allMatch(name -> Stream.of("/usr/sbin", "/usr/bin", "/sbin", "/bin")
                        .anyMatch(place -> Files.isExecutable(Path.of(place, name))));
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }
}
