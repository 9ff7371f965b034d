package io.garrison.edge.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.garrison.edge.testing.CountingBackend;
import io.garrison.edge.testing.CountingClient;
import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.Policy;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HA-07: HAProxy that only passes connections on, with the HAProxy of this machine and real traffic. */
class PassingConfigIT {

    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");

    /** What a policy that is in force denies to everybody. */
    private static final String DENIES = ",\"accessList\":{\"deny\":[\"127.0.0.0/8\"]}";

    @TempDir
    private Path directory;

    private final Map<String, Long> counted = new HashMap<>();
    private final UUID history = UUID.randomUUID();
    private HaproxyDataPlane plane;
    private CountingBackend web;
    private int port;
    private long revision;
    private Path binary;

    @BeforeEach
    void startsABackend() throws Exception {
        assumeTrue(Files.isExecutable(HAPROXY), "HAProxy is not installed at " + HAPROXY);
        web = new CountingBackend("web");
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        binary = Files.createSymbolicLink(directory.resolve("haproxy"), HAPROXY);
        plane = open();
    }

    @AfterEach
    void stopsEverything() throws Exception {
        if (plane != null) {
            plane.stop();
            web.close();
        }
    }

    private HaproxyDataPlane open() throws Exception {
        return HaproxyDataPlane.open(
                new HaproxySettings(directory.resolve("plane"), binary, 2_000, Duration.ofSeconds(5), true));
    }

    private ApplyOutcome apply(String more, Map<String, CertificateMaterial> certificates) throws Exception {
        var json = """
                {"virtualServices":[{"name":"shop","address":"127.0.0.1","port":%d,"pool":"web"%s}],
                 "pools":[{"name":"web","members":[{"address":"127.0.0.1","port":%d},
                  {"address":"127.0.0.1","port":9,"enabled":false}]}]}""".formatted(port, more, web.port());
        var policy = ProtocolJson.read(json.getBytes(StandardCharsets.UTF_8), Policy.class);
        return plane.apply(
                new PolicyBundle(
                        1,
                        UUID.randomUUID(),
                        UUID.randomUUID(),
                        history,
                        ++revision,
                        Instant.now(),
                        ProtocolJson.sha256(policy),
                        true,
                        List.of(),
                        policy),
                certificates,
                ListenAddresses.AS_IN_POLICY);
    }

    private void applied(String more) throws Exception {
        assertThat(apply(more, Map.of())).isEqualTo(new ApplyOutcome.Applied(revision));
    }

    private String asked() throws IOException {
        try (var client = CountingClient.to(port)) {
            var answer = client.get("/");
            counted.merge("in", client.sent, Long::sum);
            counted.merge("out", client.received, Long::sum);
            return answer;
        }
    }

    /** Over all workers that there were, the former ones with what they told last. */
    private Map<String, Long> told(Map<String, WorkerCounters> workers) throws Exception {
        plane.counters().forEach(worker -> workers.put(worker.pid() + "/" + worker.startedAt(), worker));
        return Map.of(
                "in",
                        workers.values().stream()
                                .mapToLong(WorkerCounters::bytesIn)
                                .sum(),
                "out",
                        workers.values().stream()
                                .mapToLong(WorkerCounters::bytesOut)
                                .sum());
    }

    private void awaitCounted(Map<String, WorkerCounters> workers) throws Exception {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!told(workers).equals(counted)) {
            assertThat(System.nanoTime())
                    .as(() -> workers + " instead of " + counted)
                    .isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    @Test
    void passesWhatThePolicyDeniesAndCountsItAndInspectsAgain() throws Exception {
        var workers = new HashMap<String, WorkerCounters>();
        applied(DENIES);
        assertThat(asked()).startsWith("403");
        awaitCounted(workers);

        plane.pass(true);
        assertThat(plane.passes()).as("not before it is applied").isFalse();
        applied(DENIES);
        assertThat(plane.passes()).isTrue();
        for (int i = 0; i < 5; i++) {
            assertThat(asked()).isEqualTo("200 web");
        }
        awaitCounted(workers);
        assertThat(plane.state().virtualServices())
                .extracting(service -> service.state() + service.membersTotal())
                .containsExactly("UP1");
        applied(DENIES + ",\"maxConnections\":77");
        assertThat(asked()).as("a revision that comes meanwhile").isEqualTo("200 web");
        assertThat(web.heads.getLast()).as("as it came").doesNotContain("x-forwarded-for", "x-request-id");

        plane.pass(false);
        applied(DENIES);
        assertThat(plane.passes()).isFalse();
        assertThat(asked()).startsWith("403");
        awaitCounted(workers);
    }

    @Test
    void goesOnWhoeverIsKilled() throws Exception {
        applied(DENIES);
        plane.pass(true);
        applied(DENIES);
        plane.close();

        plane = open();
        assertThat(plane.passes()).as("an agent that starts again").isTrue();
        plane.ensureRunning();
        assertThat(asked()).isEqualTo("200 web");

        kill("-KILL");
        plane.ensureRunning();
        assertThat(asked()).as("HAProxy was killed").isEqualTo("200 web");
    }

    /** One that hangs has its ports on, and what it does with them is nothing. */
    @Test
    void takesThePortsOfAnHaproxyThatHangs() throws Exception {
        applied(DENIES);
        kill("-STOP");

        plane.pass(true);
        applied(DENIES);

        assertThat(asked()).isEqualTo("200 web");
    }

    @Test
    void staysAsItIsIfHaproxyDoesNotRun() throws Exception {
        applied("");
        Files.delete(binary);
        Files.writeString(binary, "#!/bin/sh\nexit 1\n");
        Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwx------"));

        plane.pass(true);

        assertThat(apply("", Map.of())).isInstanceOf(ApplyOutcome.Refused.class);
        assertThat(plane.passes()).isFalse();
        assertThat(asked()).as("what served serves on").isEqualTo("200 web");
    }

    @Test
    void endsTlsOfServicesWhoseCertificateIsHere() throws Exception {
        var keys = directory.resolve("key.pem");
        var chain = directory.resolve("chain.pem");
        var made = new ProcessBuilder(("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
                                + " -subj /CN=shop.example -days 2 -keyout " + keys + " -out " + chain)
                        .split(" "))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("openssl.out").toFile())
                .start();
        assumeTrue(made.waitFor() == 0, "openssl is not installed");
        var material = Map.of("web", new CertificateMaterial("web", Files.readString(chain) + Files.readString(keys)));
        plane.pass(true);
        assertThat(apply(DENIES + ",\"certificate\":\"web\"", material)).isInstanceOf(ApplyOutcome.Applied.class);

        try (var client =
                new CountingClient(HaproxyIT.trusting(chain).getSocketFactory().createSocket("127.0.0.1", port))) {
            assertThat(client.get("/")).isEqualTo("200 web");
        }
    }

    private void kill(String signal) throws Exception {
        var master = Optional.ofNullable(plane.master()).orElseThrow();
        for (long pid : new long[] {master.pid(), master.current()}) {
            new ProcessBuilder("/bin/kill", signal, Long.toString(pid)).start().waitFor();
        }
        if (signal.equals("-KILL")) {
            var worker = ProcessHandle.of(master.current());
            long deadline = System.nanoTime() + 5_000_000_000L;
            while (worker.isPresent() && worker.get().isAlive()) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.sleep(20);
            }
        }
    }
}
