package io.garrison.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** An edge node: its state directory and its process. */
public final class Edge implements AutoCloseable {

    private final Path state;
    private final Path scratch;
    private Launched running;

    private Edge(Path state, Path scratch) {
        this.state = state;
        this.scratch = scratch;
    }

    /** Enrols with the very command line that the token's creation answered. */
    public static Edge join(Path scratch, String name, JsonNode token, String ownAddress) {
        return joinWith(scratch, name, token, "--set", "address.127.0.0.1=" + ownAddress);
    }

    /** @param options more of the command's */
    public static Edge joinWith(Path scratch, String name, JsonNode token, String... options) {
        var edge = new Edge(scratch.resolve(name), scratch);
        edge.join(token, options);
        return edge;
    }

    /** Stops the agent, joins wherever the token is from with the settings it had, and starts it again; HAProxy is left alone. */
    public Edge joinAnew(JsonNode token) {
        running.stop();
        assertThat(join(token, "--force").err()).doesNotContain("missing at the former management");
        return run();
    }

    private Launched.Finished join(JsonNode token, String... more) {
        var command = new ArrayList<>(List.of(token.path("command").asString().split(" ")));
        assertThat(command.removeFirst()).isEqualTo("./garrison");
        int dir = command.indexOf("--state");
        command.set(dir + 1, state.toString());
        command.addAll(List.of(more));
        var joined = Launched.run(scratch, command.toArray(String[]::new));
        assertThat(joined.status()).as(joined.err()).isZero();
        return joined;
    }

    public Edge run() {
        return run(List.of());
    }

    /** @param within the program that starts it, such as one that enters a network namespace */
    public Edge run(List<String> within) {
        running = Launched.foreground(
                within,
                scratch.resolve(state.getFileName() + ".log"),
                Map.of(),
                "edge",
                "run",
                "--state",
                state.toString());
        return this;
    }

    public JsonNode status() {
        var status = Launched.run(scratch, "edge", "status", "--state", state.toString(), "--json");
        assertThat(status.status()).as(status.err()).isZero();
        return Api.JSON.readTree(status.out());
    }

    public long pid() {
        return running.process.pid();
    }

    public void kill() {
        running.kill();
    }

    /** Kills HAProxy with all its processes at once; none of them takes clients any more when this returns. */
    public void killDataPlane() {
        var killed = processes("/dataplane/haproxy.cfg");
        assertThat(killed).isNotEmpty();
        killed.forEach(ProcessHandle::destroyForcibly);
        killed.forEach(process -> process.onExit().join());
    }

    private List<ProcessHandle> processes(String file) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .or(() -> process.info().command())
                        .filter(line -> line.contains(state + file))
                        .isPresent())
                .toList();
    }

    @Override
    public void close() {
        if (running != null) {
            running.close();
        }
        // A stopped agent leaves the data plane running; the test's machine is to be left as it was.
        processes("").forEach(ProcessHandle::destroyForcibly);
    }
}
