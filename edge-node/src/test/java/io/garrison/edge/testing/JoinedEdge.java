package io.garrison.edge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.garrison.edge.agent.StatusDocument;
import io.garrison.edge.cli.Console;
import io.garrison.edge.cli.EdgeCommand;
import io.garrison.edge.haproxy.HaproxyDataPlane;
import io.garrison.edge.haproxy.HaproxySettings;
import io.garrison.edge.state.StateDirectory;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.Policy;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.Report;
import io.garrison.protocol.SyncState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** An instance that has joined a scripted gateway, with a web service and a TCP service of real back ends. */
public final class JoinedEdge implements AutoCloseable {

    public static final UUID HISTORY = new UUID(9, 1);
    public static final Duration SOON = Duration.ofSeconds(30);

    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");
    private static final int FIRST_PORT = 12_000;

    /** Where the kernel's own range begins (ip_local_port_range of ip(7)). */
    private static final int EPHEMERAL = 32_767;

    public final ScriptedGateway gateway;
    public final StateDirectory state;
    public final CountingBackend web = new CountingBackend("web");
    public final int httpPort = freePort();
    public final int tcpPort = freePort();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Nullable
    private EdgeProcess agent;

    /** What the registers of a service say in all epochs together. */
    public record Total(long bytesIn, long bytesOut, long requests) {}

    /** @param settings each as {@code key=value} */
    public JoinedEdge(Path directory, int heartbeatSeconds, String... settings) throws Exception {
        assumeTrue(Files.isExecutable(HAPROXY), "HAProxy is not installed at " + HAPROXY);
        gateway = new ScriptedGateway();
        gateway.heartbeatSeconds = heartbeatSeconds;
        state = new StateDirectory(directory.resolve("edge"));
        var options = new ArrayList<>(
                List.of("--url", gateway.url(), "--token", "token-1", "--ca-sha256", gateway.authority.rootSha256()));
        for (var setting : settings) {
            options.addAll(List.of("--set", setting));
        }
        assertThat(edge("join", options.toArray(String[]::new)))
                .as(() -> err.toString(StandardCharsets.UTF_8))
                .isZero();
    }

    public EdgeProcess start() throws IOException {
        agent = EdgeProcess.start(state);
        return agent;
    }

    /** Runs a command of {@code garrison edge}; @return its status. */
    public int edge(String command, String... options) {
        return run(new ArrayList<>(List.of(command, "--state", state.root().toString())), options);
    }

    /** The same of a command whose first word is no option. */
    public int first(String command, String word, String... options) {
        return run(
                new ArrayList<>(List.of(command, word, "--state", state.root().toString())), options);
    }

    private int run(List<String> words, String... options) {
        out.reset();
        words.addAll(List.of(options));
        var console = new Console(new PrintStream(out, true), new PrintStream(err, true));
        return new EdgeCommand(console, Clock.systemUTC(), (directory, config, events) -> {
                    throw new IOException("commands here open no data plane");
                })
                .run(words);
    }

    public StatusDocument status() {
        assertThat(edge("status", "--json")).isZero();
        return ProtocolJson.read(out.toByteArray(), StatusDocument.class);
    }

    /** @param more fields of the web service in JSON, beginning with a comma */
    public Policy policy(String more) {
        var json = """
                {"virtualServices":[{"name":"shop","address":"127.0.0.1","port":%d,"pool":"web"%s},
                  {"name":"mail","address":"127.0.0.1","port":%d,"protocol":"TCP","pool":"web"}],
                 "pools":[{"name":"web","members":[{"address":"127.0.0.1","port":%d}]}]}""".formatted(httpPort, more, tcpPort, web.port());
        return ProtocolJson.read(json.getBytes(StandardCharsets.UTF_8), Policy.class);
    }

    /** Publishes it without waiting. */
    public void serveLater(long revision, Policy policy) {
        gateway.publish(ScriptedGateway.bundle(HISTORY, revision, Instant.now(), policy));
    }

    /** Publishes it and waits until the instance says that it serves it. */
    public void serve(long revision, Policy policy) throws InterruptedException {
        serveLater(revision, policy);
        ScriptedGateway.await("revision " + revision, SOON, () -> reported(revision, SyncState.IN_SYNC));
    }

    public boolean reported(long revision, SyncState sync) {
        return gateway.reports.stream()
                .anyMatch(report -> report.appliedRevision() == revision && report.syncState() == sync);
    }

    /** The newest report that says why something is not applied. */
    public Report.@Nullable ApplyError lastError() {
        return gateway.reports.isEmpty() ? null : gateway.reports.getLast().error();
    }

    /** Asks the instance for all it has counted so far, and waits for it. */
    public void flush() throws InterruptedException {
        var id = UUID.randomUUID();
        gateway.flush = id;
        ScriptedGateway.await("flush", SOON, () -> {
            var flushed = gateway.reports.getLast().flushed();
            return flushed != null && flushed.flushId().equals(id);
        });
    }

    public Total total(String service) {
        var last = new HashMap<Long, MeterRecord>();
        for (var record : gateway.meters()) {
            if (record.virtualService().equals(service)) {
                last.merge(record.epoch(), record, (a, b) -> a.sequence() > b.sequence() ? a : b);
            }
        }
        return new Total(
                last.values().stream().mapToLong(MeterRecord::bytesIn).sum(),
                last.values().stream().mapToLong(MeterRecord::bytesOut).sum(),
                last.values().stream().mapToLong(MeterRecord::requests).sum());
    }

    /** HAProxy's master process. @throws NoSuchElementException if none runs, or its file is just being written */
    public ProcessHandle haproxy() throws IOException {
        var pid = Files.readString(state.dataPlane().resolve("run/haproxy.pid"))
                .strip()
                .split("\\s+")[0];
        return Optional.of(pid)
                .filter(text -> !text.isEmpty())
                .flatMap(text -> ProcessHandle.of(Long.parseLong(text)))
                .orElseThrow();
    }

    /**
     * One that the kernel gives to nobody who asks for any: whoever is to listen there does so later, and an agent's own
     * management port or a connection would have it meanwhile.
     */
    public static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, EPHEMERAL);
            try (var socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // somebody has it; another try
            }
        }
    }

    /** A port that is free and whose next one is, for tables that are shared on that. */
    public static int freePortForTables() throws IOException {
        while (true) {
            int port = freePort();
            try (var next = new ServerSocket(port + 1, 1, InetAddress.getByName("127.0.0.1"))) {
                return next.getLocalPort() - 1;
            } catch (IOException e) {
                // somebody has it; another try
            }
        }
    }

    @Override
    public void close() throws Exception {
        if (agent != null) {
            agent.close();
        }
        var settings = new HaproxySettings(state.dataPlane(), HAPROXY, 100, Duration.ofSeconds(1), false);
        HaproxyDataPlane.open(settings).stop();
        web.close();
        gateway.close();
    }
}
