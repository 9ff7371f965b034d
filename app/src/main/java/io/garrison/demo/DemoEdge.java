package io.garrison.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An edge node of the demonstration: a real agent in a process of its own. */
final class DemoEdge {

    private final Path state;
    private final Process process;

    private DemoEdge(Path state, Process process) {
        this.state = state;
        this.process = process;
    }

    /** @param command the line that the token's creation answered */
    static void join(Path state, String command, String ownAddress, String name)
            throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of(command.split(" ")));
        words.set(0, launcher());
        words.set(words.indexOf("--state") + 1, state.toString());
        words.addAll(List.of("--name", name, "--set", "address.127.0.0.1=" + ownAddress, "--set", "management.port=0"));
        var log = state.resolveSibling(state.getFileName() + ".join.log");
        var process = builder(words, log).start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("an edge cannot join: " + Files.readString(log));
        }
    }

    /** Returns when the agent says READY. */
    static DemoEdge run(Path state) throws IOException {
        var log = state.resolveSibling(state.getFileName() + ".log");
        var process = builder(List.of(launcher(), "edge", "run", "--state", state.toString()), log)
                .start();
        var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals("READY")) {
                return new DemoEdge(state, process);
            }
        }
        throw new IOException("an edge does not start; see " + log);
    }

    /** Ends the agent, then the data plane that it leaves running for its successor. */
    void stop() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(15, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        ProcessHandle.allProcesses()
                .filter(each -> each.info()
                        .commandLine()
                        .filter(line -> line.contains(state.toString()))
                        .isPresent())
                .forEach(ProcessHandle::destroy);
    }

    private static ProcessBuilder builder(List<String> words, Path log) {
        var builder = new ProcessBuilder(words).redirectError(log.toFile());
        builder.environment().put("GARRISON_NO_BUILD", "1");
        return builder;
    }

    private static String launcher() {
        return Path.of(System.getProperty("garrison.home", "."), "garrison")
                .toAbsolutePath()
                .toString();
    }
}
