package io.garrison.edge.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.garrison.edge.join.KeyRequest;
import io.garrison.edge.testing.CountingBackend;
import io.garrison.edge.testing.CountingClient;
import io.garrison.edge.testing.JoinedEdge;
import io.garrison.edge.testing.TestAuthority;
import io.garrison.protocol.Policy;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.Telemetry.AccessEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** Two instances of a stack on this machine, each with a HAProxy of its own, and the pool that both send clients to. */
final class TwoInstances implements AutoCloseable {

    private static final Path BINARY = Path.of("/usr/sbin/haproxy");

    final TestAuthority stack = new TestAuthority();
    final List<CountingBackend> backends = new ArrayList<>();
    final One a;
    final One b;
    private final Path directory;
    private long revision;

    /** One of them. */
    final class One implements AutoCloseable {
        final UUID id;
        final int http = JoinedEdge.freePort();
        final int tcp = JoinedEdge.freePort();
        final int tables = JoinedEdge.freePort();
        final List<AccessEvent> events = new CopyOnWriteArrayList<>();
        final HaproxyDataPlane plane;
        final AccessLogReader reader;

        One(UUID id, String name) throws Exception {
            this.id = id;
            plane = HaproxyDataPlane.open(
                    new HaproxySettings(directory.resolve(name), BINARY, 2_000, Duration.ofSeconds(5), true));
            reader = plane.readAccessLog(events::add);
        }

        SharedTables shared() {
            return plane.tables();
        }

        void apply(String more) throws Exception {
            var json = """
                    {"virtualServices":[
                      {"name":"shop","address":"127.0.0.1","port":%d,"pool":"web"%s},
                      {"name":"mail","address":"127.0.0.1","port":%d,"protocol":"TCP","pool":"web"}],
                     "pools":[{"name":"web","members":[%s]}]}""".formatted(http, more, tcp, members());
            var policy = ProtocolJson.read(json.getBytes(StandardCharsets.UTF_8), Policy.class);
            var bundle = new PolicyBundle(
                    1,
                    new UUID(1, 1),
                    new UUID(1, 2),
                    new UUID(1, 3),
                    ++revision,
                    Instant.now(),
                    ProtocolJson.sha256(policy),
                    true,
                    List.of(),
                    policy);
            assertThat(plane.apply(bundle, Map.of(), ListenAddresses.AS_IN_POLICY))
                    .isEqualTo(new ApplyOutcome.Applied(revision));
        }

        /** @return status and body of a new connection from that address */
        String get(String client) throws IOException {
            try (var connection = connect(client, http)) {
                return connection.get("/");
            }
        }

        CountingClient connect(String client, int port) throws IOException {
            return new CountingClient(
                    new Socket(InetAddress.getByName("127.0.0.1"), port, InetAddress.getByName(client), 0));
        }

        /** Requests of that client that are answered 200. */
        int passed(String client, int requests) throws IOException {
            int passed = 0;
            for (int i = 0; i < requests; i++) {
                passed += get(client).startsWith("200") ? 1 : 0;
            }
            return passed;
        }

        String ask(String command) throws IOException {
            return RuntimeSocket.ask(directory.resolve(this == a ? "a" : "b").resolve("run/stats.sock"), command);
        }

        void crash() {
            var master = java.util.Objects.requireNonNull(plane.master());
            ProcessHandle.of(master.current()).ifPresent(ProcessHandle::destroyForcibly);
            ProcessHandle.of(master.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }

        @Override
        public void close() throws Exception {
            if (plane.master() != null) {
                crash();
            }
            reader.close();
        }
    }

    TwoInstances(Path directory, int poolMembers) throws Exception {
        assumeTrue(Files.isExecutable(BINARY), "HAProxy is not installed at " + BINARY);
        this.directory = directory;
        for (int i = 0; i < poolMembers; i++) {
            backends.add(new CountingBackend("web-" + i));
        }
        a = new One(new UUID(7, 1), "a");
        b = new One(new UUID(7, 2), "b");
    }

    /** Both share tables and serve. */
    void serve(String more) throws Exception {
        share(a, stack);
        share(b, stack);
        a.apply(more);
        b.apply(more);
        Await.until(() -> connected(a) && connected(b));
    }

    /** @param authority that issues the certificate with which it comes */
    void share(One one, TestAuthority authority) throws Exception {
        one.plane.share(link(one, authority));
    }

    StackLink link(One one, TestAuthority authority) throws Exception {
        var key = KeyRequest.create();
        var credential = authority.member(key.csrPem(), one.id, Duration.ofHours(1));
        return new StackLink(
                one.id,
                List.of(
                        new StackLink.Member(a.id, "127.0.0.1", a.tables),
                        new StackLink.Member(b.id, "127.0.0.1", b.tables)),
                credential.certificateChain() + key.keyPem(),
                stack.rootPem());
    }

    boolean connected(One one) {
        try {
            return one.shared().connected().size() == 1;
        } catch (IOException e) {
            return false;
        }
    }

    private String members() {
        return String.join(
                ",",
                backends.stream()
                        .map(backend -> "{\"address\":\"127.0.0.1\",\"port\":" + backend.port() + "}")
                        .toList());
    }

    @Override
    public void close() throws Exception {
        a.close();
        b.close();
        for (var backend : backends) {
            backend.close();
        }
    }

    /** Waits with a condition and a limit. */
    static final class Await {

        private Await() {}

        interface Condition {
            boolean holds() throws Exception;
        }

        static void until(Condition condition) throws Exception {
            until(Duration.ofSeconds(10), condition);
        }

        static void until(Duration patience, Condition condition) throws Exception {
            long deadline = System.nanoTime() + patience.toNanos();
            while (!condition.holds()) {
                assertThat(System.nanoTime()).as("within " + patience).isLessThan(deadline);
                Thread.sleep(10);
            }
        }
    }
}
