package io.garrison.edge.testing;

import io.garrison.edge.state.StateDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The agent as it runs on an instance: a process of its own, started by the launcher with its options. */
public final class EdgeProcess implements AutoCloseable {

    public static final Path LAUNCHER =
            Path.of("..", "garrison").toAbsolutePath().normalize();

    private final Process process;
    private final Path log;

    private EdgeProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Returns when the agent says that it is ready. */
    public static EdgeProcess start(StateDirectory state) throws IOException {
        return start(state, List.of());
    }

    /** @param within the program that starts it, such as one that enters a network namespace */
    public static EdgeProcess start(StateDirectory state, List<String> within) throws IOException {
        var log = Files.createTempFile(state.root().getParent(), "agent", ".log");
        var command = new ArrayList<>(within);
        command.addAll(List.of(
                LAUNCHER.toString(), "edge", "run", "--state", state.root().toString()));
        var builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // It runs what this build has made; a build within the build would be another one.
        builder.environment().put("GARRISON_NO_BUILD", "1");
        var agent = new EdgeProcess(builder.start(), log);
        var out = new BufferedReader(new InputStreamReader(agent.process.getInputStream(), StandardCharsets.UTF_8));
        for (var line = out.readLine(); !"READY".equals(line); line = out.readLine()) {
            if (line == null) {
                throw new IOException("the agent did not start: " + agent.log());
            }
        }
        return agent;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it wrote for its operator. */
    public String log() throws IOException {
        return Files.readString(log);
    }

    /** Ends it without a chance to clean up. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Proportional set size in MiB (proc(5)). */
    public double pssMebibytes() throws IOException {
        return rollup("Pss:");
    }

    /** What belongs to this process alone and can only be swapped, in MiB. */
    public double anonymousMebibytes() throws IOException {
        return rollup("Pss_Anon:");
    }

    /** User and system time so far. */
    public Duration cpu() throws IOException {
        var stat = Files.readString(Path.of("/proc/" + pid() + "/stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Duration.ofMillis((Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10);
    }

    private double rollup(String key) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid() + "/smaps_rollup")).stream()
                        .filter(line -> line.startsWith(key))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow()
                / 1024.0;
    }

    /** Ends it as an operator would; the data plane serves on. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
