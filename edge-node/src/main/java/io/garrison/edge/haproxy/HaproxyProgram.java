package io.garrison.edge.haproxy;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the HAProxy program, with an empty environment and bounded time and output. */
final class HaproxyProgram {

    private static final Logger log = LoggerFactory.getLogger(HaproxyProgram.class);
    private static final Pattern VERSION = Pattern.compile("HAProxy version (\\d+\\.\\d+\\.\\d+)");
    private static final int MAX_OUTPUT = 65_536;
    private static final int PATIENCE_SECONDS = 30;

    /** What HAProxy warns of although nothing is wrong. Empty: the rendered configurations warn of nothing. */
    private static final List<String> EXPLAINED_WARNINGS = List.of();

    private final Path binary;
    private final Layout layout;

    HaproxyProgram(Path binary, Layout layout) {
        this.binary = binary;
        this.layout = layout;
    }

    Path binary() {
        return binary;
    }

    record Result(int status, String output) {}

    /** The hard limit that HAProxy inherits. {@code haproxy -c} does not look at it, but a start beyond it fails. */
    static long openFiles() throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/self/limits"))) {
            if (line.startsWith("Max open files")) {
                var hard = line.trim().split("\\s+")[4];
                return hard.equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(hard);
            }
        }
        throw new IOException("the kernel does not tell how many files may be open");
    }

    /** @throws IOException if this is no HAProxy that the rendered configurations are made for (2.6 or newer) */
    String version() throws IOException, InterruptedException {
        var told = run("-vv").output();
        Matcher version = VERSION.matcher(told);
        if (!version.find()) {
            throw new IOException(binary + " is no HAProxy");
        }
        var parts = version.group(1).split("\\.");
        int major = Integer.parseInt(parts[0]);
        if (major < 2 || (major == 2 && Integer.parseInt(parts[1]) < 6)) {
            throw new IOException("HAProxy 2.6 or newer is needed, this is " + version.group(1));
        }
        if (!told.contains("+OPENSSL") && !told.contains("USE_OPENSSL=1")) {
            throw new IOException("this HAProxy has no TLS");
        }
        return version.group(1);
    }

    /** @throws PolicyRefusedException if HAProxy refuses the file or warns of anything */
    void check(Path config) throws IOException, InterruptedException {
        var result = run("-c", "-f", config.toString());
        if (result.status() == 0 && result.output().lines().noneMatch(HaproxyProgram::isWarning)) {
            return;
        }
        log.warn("haproxy -c said: {}", result.output());
        throw new PolicyRefusedException("configuration-refused", reason(result.output()));
    }

    Result start(Path config) throws IOException, InterruptedException {
        return run(
                "-W",
                "-D",
                "-f",
                config.toString(),
                "-p",
                layout.sockets().resolve("haproxy.pid").toString(),
                "-S",
                layout.master() + ",mode,600,level,admin");
    }

    private static boolean isWarning(String line) {
        return line.contains("[WARNING]") && EXPLAINED_WARNINGS.stream().noneMatch(line::contains);
    }

    /** Says what kind of thing HAProxy did not like. Its own words may hold paths and values and stay on the machine. */
    static String reason(String output) {
        var text = output.toLowerCase(Locale.ROOT);
        if (text.contains("unable to load ssl") || text.contains("private key") || text.contains("certificate")) {
            return "HAProxy cannot use a certificate: chain and private key do not belong together or are damaged.";
        } else if (text.contains("cannot bind")
                || text.contains("binding")
                || text.contains("address already in use")) {
            return "An address and port of a virtual service cannot be listened on.";
        } else if (text.contains("out of memory") || text.contains("file descriptors") || text.contains("maxconn")) {
            return "This machine does not allow as many connections as the policy asks for.";
        } else if (text.contains("[warning]") && !text.contains("[alert]")) {
            return "HAProxy warned of the configuration; the log on the instance has its words.";
        }
        return "HAProxy refused the configuration; the log on the instance has its words.";
    }

    Result run(String... arguments) throws IOException, InterruptedException {
        // a file, not a pipe: a daemon would keep the pipe open
        var out = layout.sockets().resolve("output-" + System.nanoTime());
        var command = new java.util.ArrayList<String>();
        command.add(binary.toString());
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().clear();
        try {
            var process = builder.start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("HAProxy did not end within " + PATIENCE_SECONDS + " s");
            }
            try (var in = Files.newInputStream(out)) {
                return new Result(process.exitValue(), new String(in.readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8));
            }
        } finally {
            Files.deleteIfExists(out);
        }
    }
}
