package io.garrison.edge.testing;

import io.garrison.edge.agent.StatusDocument;
import io.garrison.edge.cli.Console;
import io.garrison.edge.cli.EdgeCommand;
import io.garrison.edge.haproxy.HaproxyDataPlane;
import io.garrison.edge.haproxy.HaproxySettings;
import io.garrison.edge.health.Control;
import io.garrison.edge.state.StateDirectory;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.InstancePlan.Member;
import io.garrison.protocol.Policy;
import io.garrison.protocol.ProtocolJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Instances of one stack on this machine: each a real agent with a HAProxy of its own, which serves the same policy at an
 * address of its own. They share tables; a cluster they are if their settings say so.
 */
public final class JoinedStack implements AutoCloseable {

    private static final UUID HISTORY = new UUID(9, 1);
    private static final String POLICY_ADDRESS = "192.0.2.1";
    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");

    public final ScriptedGateway gateway = new ScriptedGateway();
    public final List<Instance> instances = new ArrayList<>();
    private final CountingBackend web = new CountingBackend("web");
    private final int httpPort = JoinedEdge.freePort();

    /** One of them. */
    public final class Instance {
        public final UUID id;
        public final StateDirectory state;
        private final int port = JoinedEdge.freePortForTables();
        private final String address;

        @Nullable
        private EdgeProcess agent;

        private Instance(Path directory, int number, List<String> settings) throws Exception {
            id = new UUID(7, number);
            address = "127.0.0." + (10 + number);
            state = new StateDirectory(directory.resolve("edge-" + number));
            gateway.instance = id;
            gateway.token = "token-" + number;
            var all = new ArrayList<>(settings);
            all.addAll(List.of(
                    "management.port=0",
                    "meter=proxy",
                    "address." + POLICY_ADDRESS + "=" + address,
                    "cluster.address=127.0.0.1",
                    "gossip.port=" + port));
            var words = new ArrayList<>(List.of(
                    "--url", gateway.url(), "--token", gateway.token, "--ca-sha256", gateway.authority.rootSha256()));
            all.forEach(setting -> words.addAll(List.of("--set", setting)));
            edge("join", words.toArray(String[]::new));
        }

        /** Runs a command of {@code garrison edge}; @return its document. */
        public byte[] edge(String command, String... words) throws IOException {
            var document = new ByteArrayOutputStream();
            var said = new ByteArrayOutputStream();
            var console = new Console(new PrintStream(document, true), new PrintStream(said, true));
            var all = new ArrayList<>(List.of(command));
            all.addAll(List.of(words));
            all.addAll(List.of("--state", state.root().toString()));
            int status = new EdgeCommand(console, Clock.systemUTC(), (directory, config, events) -> {
                        throw new IOException("commands here open no data plane");
                    })
                    .run(all);
            if (status != 0) {
                throw new IOException(command + " failed: " + said.toString(StandardCharsets.UTF_8));
            }
            return document.toByteArray();
        }

        public void start() throws IOException {
            agent = EdgeProcess.start(state);
        }

        public EdgeProcess agent() {
            return Optional.ofNullable(agent).orElseThrow();
        }

        /** Status and body that a client with that address gets here. */
        public String get(String client) throws IOException {
            var from = InetAddress.ofLiteral(client);
            try (var connection = new CountingClient(new Socket(InetAddress.ofLiteral(address), httpPort, from, 0))) {
                return connection.get("/");
            }
        }

        /** Instances with which it shares tables now. */
        public int sharing() {
            try {
                var aux = ProtocolJson.read(edge("status", "--json"), StatusDocument.class)
                        .aux();
                return aux == null ? 0 : aux.connected();
            } catch (IOException e) {
                return 0;
            }
        }

        /** The document of {@code /cluster/status}; empty while the agent does not answer. */
        @SuppressWarnings("unchecked")
        public Map<String, Object> cluster() {
            try {
                var control = ProtocolJson.read(Files.readAllBytes(state.control()), Control.class);
                var connection = URI.create("http://127.0.0.1:" + control.port() + "/cluster/status")
                        .toURL()
                        .openConnection();
                connection.setConnectTimeout(5_000);
                connection.setReadTimeout(5_000);
                try (var body = connection.getInputStream()) {
                    return ProtocolJson.read(body.readAllBytes(), Map.class);
                }
            } catch (IOException e) {
                return Map.of();
            }
        }
    }

    /** @param settings of each, as {@code key=value} */
    public JoinedStack(Path directory, int count, int heartbeatSeconds, List<String> settings) throws Exception {
        gateway.heartbeatSeconds = heartbeatSeconds;
        for (int i = 1; i <= count; i++) {
            instances.add(new Instance(directory, i, settings));
        }
        var members = instances.stream()
                .map(one -> new Member(one.id, one.address, "127.0.0.1", one.port, one == instances.getFirst()))
                .toList();
        instances.forEach(one -> gateway.planOfOne(plan(one, members)));
        gateway.publish(ScriptedGateway.bundle(HISTORY, 1, Instant.now(), policy()));
    }

    /** Starts all, and returns when each serves and shares tables with all others. */
    public void start(Duration limit) throws Exception {
        for (var one : instances) {
            one.start();
        }
        ScriptedGateway.await(
                "all share tables",
                limit,
                () -> instances.stream().allMatch(one -> one.sharing() == instances.size() - 1));
    }

    private Policy policy() {
        var json = """
                {"virtualServices":[{"name":"shop","address":"%s","port":%d,"pool":"web"}],
                 "pools":[{"name":"web","members":[{"address":"127.0.0.1","port":%d}]}]}""".formatted(POLICY_ADDRESS, httpPort, web.port());
        return ProtocolJson.read(json.getBytes(StandardCharsets.UTF_8), Policy.class);
    }

    private static InstancePlan plan(Instance one, List<Member> members) {
        return new InstancePlan(
                InstancePlan.VERSION,
                1,
                ScriptedGateway.TENANT,
                ScriptedGateway.STACK,
                one.id,
                Instant.now(),
                new HaSettings(
                        HaMode.CLUSTER, null, null, null, null, null, null, null, null, null, null, null, null, null),
                List.of(),
                List.of(),
                members);
    }

    @Override
    public void close() throws Exception {
        for (var one : instances) {
            if (one.agent != null) {
                one.agent.close();
            }
            HaproxyDataPlane.open(
                            new HaproxySettings(one.state.dataPlane(), HAPROXY, 100, Duration.ofSeconds(1), false))
                    .stop();
        }
        web.close();
        gateway.close();
    }
}
