package io.garrison.edge.doctor;

import io.garrison.edge.state.EdgeConfig;
import io.garrison.protocol.InstancePlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** HAProxy, and keepalived where addresses move. */
final class ProgramProbes {

    private static final Path KEEPALIVED = Path.of("/usr/sbin/keepalived");
    private static final Pattern HAPROXY_VERSION = Pattern.compile("HAProxy version (\\d+)\\.(\\d+)");
    private static final Pattern KEEPALIVED_VERSION = Pattern.compile("Keepalived v(\\d+)\\.(\\d+)");
    private static final int NEWEST_COMPARED = 3_000;
    private static final int PATIENCE_SECONDS = 10;
    private static final int MOST_OUTPUT = 65_536;

    private final Subject subject;
    private final EdgeConfig config;
    private final @Nullable InstancePlan plan;

    ProgramProbes(Subject subject, EdgeConfig config, @Nullable InstancePlan plan) {
        this.subject = subject;
        this.config = config;
        this.plan = plan;
    }

    List<Finding> look() throws InterruptedException {
        var findings = new ArrayList<Finding>();
        findings.add(haproxy(config.haproxyBinary()));
        findings.add(running());
        findings.add(
                plan == null || plan.routers().isEmpty()
                        ? Finding.skipped(Layer.KEEPALIVED, "keepalived.program", "no address of the plan moves")
                        : program(Layer.KEEPALIVED, "keepalived.program", KEEPALIVED, KEEPALIVED_VERSION, 2, 2));
        return findings;
    }

    /** Bills rest on what HAProxy counts, and its versions have counted the same traffic in different ways. */
    static Finding haproxy(Path path) throws InterruptedException {
        var finding = program(Layer.HAPROXY, "haproxy.program", path, HAPROXY_VERSION, 2, 6);
        var version = HAPROXY_VERSION.matcher(finding.found());
        if (finding.isBad() || !version.matches() || number(version) <= NEWEST_COMPARED) {
            return finding;
        }
        return Finding.good(
                finding.layer(),
                finding.id(),
                finding.found() + ", newer than those whose bytes were compared with what clients count: 2.6 and 3.0");
    }

    private static int number(Matcher version) {
        return Integer.parseInt(version.group(1)) * 1_000 + Integer.parseInt(version.group(2));
    }

    private static Finding program(Layer layer, String id, Path path, Pattern pattern, int major, int minor)
            throws InterruptedException {
        var name = path.getFileName();
        if (!Files.isExecutable(path)) {
            return Finding.bad(
                    layer, id, path + " is no program that can be started", "Install it: apt-get install " + name);
        }
        try {
            var said = pattern.matcher(said(path));
            if (!said.find()) {
                return Finding.bad(layer, id, path + " is another program", "Name the right one in edge.properties.");
            }
            return number(said) >= major * 1_000 + minor
                    ? Finding.good(layer, id, said.group())
                    : Finding.bad(
                            layer, id, said.group() + " is too old", "Install %d.%d or newer.".formatted(major, minor));
        } catch (IOException e) {
            return Finding.bad(layer, id, path + " does not run: " + e.getMessage(), "Install it anew.");
        }
    }

    private static String said(Path program) throws IOException, InterruptedException {
        var process = new ProcessBuilder(program.toString(), "-v")
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("it does not end");
            }
            return new String(process.getInputStream().readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
        }
    }

    /** What the agent has started outlives it, so that is no question of the agent. */
    private Finding running() {
        var id = "haproxy.running";
        var file = subject.state().dataPlane().resolve("run").resolve("haproxy.pid");
        if (!Files.exists(file)) {
            return Finding.skipped(Layer.HAPROXY, id, "no policy was ever applied");
        }
        try {
            var number = Files.readString(file).strip().split("\\s+")[0];
            if (number.matches("\\d{1,9}")
                    && ProcessHandle.of(Long.parseLong(number)).isPresent()) {
                return Finding.good(Layer.HAPROXY, id, "process " + number);
            }
        } catch (IOException e) {
            return Finding.bad(Layer.HAPROXY, id, file + " can't be read", "Run this as the user of the agent.");
        }
        return Finding.bad(
                Layer.HAPROXY,
                id,
                "it has ended",
                "A running agent starts it again; if it does not, its log says why: journalctl -u garrison-edge.");
    }
}
