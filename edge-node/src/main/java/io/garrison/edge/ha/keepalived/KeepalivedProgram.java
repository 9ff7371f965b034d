package io.garrison.edge.ha.keepalived;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keepalived program, run with an empty environment and bounded time and output. */
final class KeepalivedProgram {

    private static final Logger log = LoggerFactory.getLogger(KeepalivedProgram.class);
    private static final Path BINARY = Path.of("/usr/sbin/keepalived");

    /** CAP_NET_ADMIN and CAP_NET_RAW. */
    private static final long NEEDED = 1L << 12 | 1L << 13;

    private static final int PATIENCE_SECONDS = 10;
    private static final int MOST_OUTPUT = 65_536;

    private KeepalivedProgram() {}

    /** Why this instance can't run it, for people; empty if it can. */
    static Optional<String> missing() {
        if (!Files.isExecutable(BINARY)) {
            return Optional.of("keepalived is not installed at " + BINARY);
        }
        return mayMoveAddresses()
                ? Optional.empty()
                : Optional.of(
                        "keepalived needs CAP_NET_ADMIN and CAP_NET_RAW from the agent, as the package's unit gives them");
    }

    /** Root's programs have what root has; others inherit the ambient capabilities alone (capabilities(7)). */
    private static boolean mayMoveAddresses() {
        var set = "root".equals(System.getProperty("user.name")) ? "CapEff:" : "CapAmb:";
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith(set))
                    .map(line ->
                            Long.parseUnsignedLong(line.substring(set.length()).strip(), 16))
                    .anyMatch(bits -> (bits & NEEDED) == NEEDED);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Lets keepalived look at a file.
     *
     * @throws PlanRefusedException if it complains of anything
     */
    static void check(HaFiles files) throws IOException, InterruptedException {
        var out = files.directory().resolve("check.out");
        try {
            var process = start(List.of("-t", "-f", files.candidate().toString()), out);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("keepalived did not end within " + PATIENCE_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                try (var in = Files.newInputStream(out)) {
                    log.warn("keepalived -t said: {}", new String(in.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8));
                }
                throw new PlanRefusedException(
                        "routers", "are refused by keepalived; the log on the instance has its words");
            }
        } finally {
            Files.deleteIfExists(out);
        }
    }

    /** Starts it in the foreground, as a child that outlives its parent. */
    static Process start(HaFiles files) throws IOException {
        return start(
                List.of(
                        "-n",
                        "-l",
                        "-P",
                        "-f",
                        files.config().toString(),
                        "-p",
                        files.pid().toString(),
                        "-r",
                        files.vrrpPid().toString()),
                files.log());
    }

    private static Process start(List<String> options, Path out) throws IOException {
        var command = new java.util.ArrayList<String>();
        command.add(BINARY.toString());
        command.addAll(options);
        var builder = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(out.toFile()));
        builder.environment().clear();
        return builder.start();
    }
}
