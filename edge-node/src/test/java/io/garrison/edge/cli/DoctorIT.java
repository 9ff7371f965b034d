package io.garrison.edge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.garrison.edge.cluster.discovery.Discoveries;
import io.garrison.edge.cluster.discovery.DiscoveryProvider.Self;
import io.garrison.edge.doctor.Finding;
import io.garrison.edge.doctor.Finding.Outcome;
import io.garrison.edge.join.Identity;
import io.garrison.edge.join.IdentityStore;
import io.garrison.edge.state.EdgeConfig;
import io.garrison.edge.testing.JoinedEdge;
import io.garrison.edge.testing.MovedClock;
import io.garrison.edge.testing.ScriptedGateway;
import io.garrison.protocol.EnrollResponse;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.PlanSigning;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.VirtualRouter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each trouble is made in earnest, and found by its name with what to do (DI-T01 to DI-T23 as far as they are named). */
class DoctorIT {

    private static final Path ETCD = Path.of("/usr/bin/etcd");

    @TempDir
    Path temp;

    private final MovedClock clock = new MovedClock();
    private JoinedEdge edge;

    @BeforeEach
    void joins() throws Exception {
        edge = new JoinedEdge(temp, 1, "management.port=0", "meter=proxy");
    }

    @AfterEach
    void ends() throws Exception {
        edge.close();
    }

    @Test
    void findsNothingWrongWithAnInstanceThatServesUntilItsGatewayIsGone() throws Exception {
        edge.start();
        edge.serve(1, edge.policy(""));

        var healthy = examine();
        assertThat(healthy.told().cause()).as(healthy.words()).isNull();
        assertThat(healthy.status()).isZero();
        assertThat(outcomes(healthy))
                .contains("gateway.tls GOOD", "clock.gateway GOOD", "haproxy.running GOOD", "agent.running GOOD");

        edge.gateway.failWith = 401;
        assertThat(examine().told().cause()).isEqualTo("gateway.admission");
        edge.gateway.failWith = 0;

        edge.gateway.close();
        var cut = examine();
        assertThat(cut.status()).isEqualTo(1);
        assertThat(cut.told().cause()).isEqualTo("gateway.port");
        assertThat(outcomes(cut)).contains("gateway.tls SKIPPED", "haproxy.running GOOD", "agent.running GOOD");
    }

    @Test
    void tellsADamagedFileOfBlocksFromTablesThatDoNotPass() throws Exception {
        Files.writeString(edge.state.blocks(), "{");
        edge.start();
        edge.serve(1, edge.policy(""));

        var seen = examine();

        assertThat(seen.told().cause()).as(seen.words()).isEqualTo("files.blocks");
        assertThat(outcomes(seen)).contains("files.blocks BAD", "DI-T23 GOOD");
        assertThat(edge.status().aux().damaged()).singleElement().asString().contains("blocks.json.damaged");
    }

    @Test
    void namesTheLowestLayerThatIsBad() throws Exception {
        assertThat(examine().told().cause()).isEqualTo("agent.running");

        settings("haproxy.binary=/nonexistent/haproxy", "address.192.0.2.10=203.0.113.9");
        assertThat(examine().told().cause()).isEqualTo("haproxy.program");
        assertThat(bad()).contains("haproxy.program", "addresses.own", "agent.running");
        settings("haproxy.binary=/bin/true");
        assertThat(examine().told().cause()).isEqualTo("haproxy.program");

        settings("spool.max=1");
        assertThat(only("files.settings").found()).contains("spool.max is unknown");
        settings();
        Files.setPosixFilePermissions(edge.state.root(), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(examine().told().cause()).isEqualTo("files.state");
        Files.setPosixFilePermissions(edge.state.root(), PosixFilePermissions.fromString("rwx------"));
        Files.delete(edge.state.identity());
        assertThat(examine().told().cause()).isEqualTo("identity.joined");
    }

    @Test
    void tellsAWrongClockFromAnEndedCertificate() throws Exception {
        clock.move(Duration.ofMinutes(10));
        assertThat(examine().told().cause()).isEqualTo("clock.gateway");
        clock.move(Duration.ofDays(-3));
        assertThat(examine().told().cause()).isEqualTo("clock.identity");
        clock.move(Duration.ofDays(9));
        assertThat(examine().told().cause()).isEqualTo("identity.certificate");
    }

    @Test
    void seesThatAnotherProgramHasThePortForPeers() throws Exception {
        try (var other = new ServerSocket(0)) {
            settings("cluster.enabled=true", "gossip.port=" + other.getLocalPort());
            assertThat(only("peers.port").fix()).contains("ss -ltnp");
        }
        assertThat(examine().told().cause()).isEqualTo("agent.running");
    }

    @ParameterizedTest
    @CsvSource({
        // no answer, this machine alone, nobody listens there
        "dns, discovery.dns-names=peers.garrison.invalid, DI-T10",
        "dns, discovery.dns-names=localhost, DI-T11",
        "dns, discovery.dns-names=127.0.0.1, DI-T11",
        "dns, discovery.dns-names=192.0.2.1, DI-T12",
        "etcd, discovery.etcd-endpoints=http://127.0.0.1:1, DI-T07",
        "consul, discovery.consul-address=127.0.0.1:1, DI-T04",
        "kubernetes, discovery.k8s-label-selector=app=edge, DI-T02",
    })
    void namesTheTroubleOfTheWayOfDiscovery(String type, String setting, String id) throws Exception {
        settings(
                "cluster.enabled=true",
                "gossip.port=" + JoinedEdge.freePort(),
                "discovery.enabled=true",
                "discovery.type=" + type,
                "discovery.dial-timeout=500ms",
                setting);
        assertThat(only(id).fix()).isNotBlank();
        assertThat(examine().told().cause()).isEqualTo(id);
    }

    @Test
    void seesAddressesOutsideTheSpaceThatIsAllowed() throws Exception {
        var udp = new String[] {
            "cluster.enabled=true",
            "gossip.port=" + JoinedEdge.freePort(),
            "discovery.enabled=true",
            "discovery.type=udp",
            "discovery.udp-broadcast-port=" + JoinedEdge.freePort(),
            "discovery.allowed-address-space=198.51.100.0/24"
        };
        settings(udp);
        assertThat(only("DI-T14").found()).contains("198.51.100.0/24");
        udp[3] = "discovery.type=dns";
        settings(udp);
        Files.writeString(edge.state.settings(), "\ndiscovery.dns-names=192.0.2.1\n", StandardOpenOption.APPEND);
        assertThat(bad()).filteredOn("DI-T14"::equals).hasSize(2);
    }

    @Test
    void looksAtWhatThePlanNames() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/keepalived")), "keepalived is not installed");
        settings("cluster.enabled=true", "gossip.port=" + JoinedEdge.freePort());
        try (var peer = new ServerSocket(0)) {
            plan("nosuch0", peer.getLocalPort());
            var seen = examine();
            assertThat(outcomes(seen)).contains("keepalived.program GOOD", "DI-T03 GOOD", "addresses.device BAD");
            assertThat(seen.told().cause()).isEqualTo("addresses.device");
            plan("lo", peer.getLocalPort());
            assertThat(outcomes(examine())).contains("addresses.device GOOD");
        }
        assertThat(only("DI-T03").found()).contains("edge-2 at 127.0.0.1:");
    }

    @Test
    void seesThatTheInstanceIsAlone() throws Exception {
        plan("lo", JoinedEdge.freePort());
        settings("cluster.enabled=true", "cluster.address=127.0.0.1", "gossip.port=" + JoinedEdge.freePort());
        edge.start();
        ScriptedGateway.await(
                "its own state", JoinedEdge.SOON, () -> outcomes(quietly()).contains("DI-T19 BAD"));
        assertThat(bad()).contains("DI-T03", "DI-T19").doesNotContain("agent.running");
    }

    /** As management would have sent it: the instance is made to trust a key of this test. */
    private void plan(String device, int portOfPeer) throws Exception {
        var key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var store = new IdentityStore(edge.state);
        var me = store.load().orElseThrow();
        var trusted = new EnrollResponse.PolicyKey(
                "test", Base64.getEncoder().encodeToString(key.getPublic().getEncoded()));
        store.save(new Identity(
                me.instanceId(),
                me.tenantId(),
                me.stackId(),
                me.gateway(),
                me.keyPem(),
                me.certificateChain(),
                me.trustAnchors(),
                List.of(trusted),
                me.heartbeatSeconds(),
                me.leaseTrust()));
        var address = new VirtualRouter.VirtualAddress("192.0.2.9", 24, null);
        var router = new VirtualRouter("a", 1, device, List.of(address), 100, false, 3, null, null, null);
        var plan = new InstancePlan(
                InstancePlan.VERSION,
                1,
                me.tenantId(),
                me.stackId(),
                me.instanceId(),
                Instant.now(),
                HaSettings.DEFAULT,
                List.of(router),
                List.of(),
                List.of(
                        new InstancePlan.Member(me.instanceId(), "edge-1", "127.0.0.1", 1, true),
                        new InstancePlan.Member(UUID.randomUUID(), "edge-2", "127.0.0.1", portOfPeer, false)));
        Files.write(edge.state.plan(), ProtocolJson.write(PlanSigning.sign(plan, "test", key.getPrivate())));
    }

    @Test
    void seesThatTheBeaconPortIsNotToBeHad() throws Exception {
        try (var other = new DatagramSocket(new InetSocketAddress(0))) {
            settings(
                    "cluster.enabled=true",
                    "gossip.port=" + JoinedEdge.freePort(),
                    "discovery.enabled=true",
                    "discovery.type=udp",
                    "discovery.allowed-address-space=0.0.0.0/0,127.0.0.0/8",
                    "discovery.udp-broadcast-port=" + other.getLocalPort());
            assertThat(only("DI-T15").fix()).contains("ss -lunp");
        }
        assertThat(bad()).doesNotContain("DI-T15");
    }

    @Test
    void tellsARunningEtcdFromOneWithTheWrongScheme() throws Exception {
        assumeTrue(Files.isExecutable(ETCD), "etcd is not installed");
        int port = JoinedEdge.freePort();
        var url = "http://127.0.0.1:" + port;
        var peer = "http://127.0.0.1:" + JoinedEdge.freePort();
        var etcd = new ProcessBuilder(
                        ETCD.toString(),
                        "--data-dir",
                        temp.resolve("etcd").toString(),
                        "--listen-client-urls",
                        url,
                        "--advertise-client-urls",
                        url,
                        "--listen-peer-urls",
                        peer,
                        "--initial-advertise-peer-urls",
                        peer,
                        "--initial-cluster",
                        "default=" + peer)
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("etcd.log").toFile())
                .start();
        try {
            etcd(url);
            ScriptedGateway.await(
                    "etcd", JoinedEdge.SOON, () -> outcomes(quietly()).contains("DI-T07 GOOD"));
            assertThat(outcomes(examine())).contains("DI-T08 GOOD");
            findsNobodyUnderAnotherName(url);
            etcd(url.replace("http:", "https:"));
            assertThat(only("DI-T07").found()).contains("https://");
        } finally {
            etcd.destroyForcibly().waitFor();
        }
    }

    private void findsNobodyUnderAnotherName(String url) throws Exception {
        try (var listening = new ServerSocket(0)) {
            plan("lo", listening.getLocalPort());
            var at = new InetSocketAddress("127.0.0.1", listening.getLocalPort());
            var discovery = EdgeConfig.read(edge.state.settings()).cluster().discovery();
            var stack = ScriptedGateway.STACK.toString();
            try (var peer = Discoveries.open(discovery, new Self(UUID.randomUUID(), "misspelt", at))) {
                peer.announce();
                assertThat(only("DI-T19").found()).contains("nobody else is found under the name " + stack);
            }
            try (var peer = Discoveries.open(discovery, new Self(UUID.randomUUID(), stack, at))) {
                peer.announce();
                assertThat(outcomes(examine())).contains("DI-T19 GOOD");
                listening.close();
                assertThat(only("DI-T05").found()).contains("127.0.0.1:" + at.getPort());
            }
        }
    }

    private void etcd(String endpoint) throws IOException {
        settings(
                "cluster.enabled=true",
                "gossip.port=" + JoinedEdge.freePort(),
                "discovery.enabled=true",
                "discovery.type=etcd",
                "discovery.dial-timeout=2s",
                "discovery.etcd-endpoints=" + endpoint);
    }

    private void settings(String... lines) throws IOException {
        var all = new ArrayList<>(List.of("management.port=0", "meter=proxy"));
        all.addAll(Arrays.asList(lines));
        Files.writeString(edge.state.settings(), String.join("\n", all) + "\n");
    }

    private record Examination(int status, DoctorCommand.Told told, String words) {}

    private Examination quietly() {
        try {
            return examine();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Examination examine() throws IOException {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var console = new Console(new PrintStream(out, true), new PrintStream(err, true));
        int status = new EdgeCommand(console, clock, (state, config, events) -> {
                    throw new IOException("no data plane here");
                })
                .run(List.of("doctor", "--state", edge.state.root().toString(), "--json"));
        var words = out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
        return new Examination(status, ProtocolJson.read(out.toByteArray(), DoctorCommand.Told.class), words);
    }

    private List<String> bad() throws IOException {
        return examine().told().findings().stream()
                .filter(finding -> finding.outcome() == Outcome.BAD)
                .map(Finding::id)
                .toList();
    }

    private Finding only(String id) throws IOException {
        return examine().told().findings().stream()
                .filter(finding -> finding.id().equals(id) && finding.outcome() == Outcome.BAD)
                .findFirst()
                .orElseThrow(() -> new AssertionError(quietly().words()));
    }

    private static List<String> outcomes(Examination examination) {
        return examination.told().findings().stream()
                .map(finding -> finding.id() + " " + finding.outcome())
                .toList();
    }
}
