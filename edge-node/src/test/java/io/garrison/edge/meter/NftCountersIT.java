package io.garrison.edge.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.garrison.edge.testing.NetworkPeer;
import io.garrison.edge.testing.ScriptedGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Quality 2.6, metering point: what the kernel counts for a service is what the other end of the wire counts. */
class NftCountersIT {

    private static final int ETHERNET_HEADER = 14;
    private static final String SERVER = "10.98.7.1";
    private static final String CLIENT = "10.98.7.2";

    private final String servers = "grs" + ProcessHandle.current().pid();
    private final String clients = "grc" + ProcessHandle.current().pid();
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void twoMachines() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces need root");
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/nft")), "nft is not installed");
        run("ip", "netns", "add", servers);
        run("ip", "netns", "add", clients);
        run("ip", "link", "add", "ve0", "netns", servers, "type", "veth", "peer", "name", "ve1", "netns", clients);
        for (var end : List.of(List.of(servers, "ve0", SERVER), List.of(clients, "ve1", CLIENT))) {
            in(end.get(0), "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1");
            in(end.get(0), "ip", "link", "set", "lo", "up");
            in(end.get(0), "ip", "addr", "add", end.get(2) + "/24", "dev", end.get(1));
            in(end.get(0), "ip", "link", "set", end.get(1), "up");
        }
        // Without address resolution, every frame on the wire is one of the exchange.
        in(servers, "ip", "neigh", "replace", CLIENT, "lladdr", mac(clients, "ve1"), "dev", "ve0", "nud", "permanent");
        in(clients, "ip", "neigh", "replace", SERVER, "lladdr", mac(servers, "ve0"), "dev", "ve1", "nud", "permanent");
    }

    @AfterEach
    void noMachines() throws Exception {
        started.forEach(Process::destroyForcibly);
        for (var namespace : List.of(servers, clients)) {
            new ProcessBuilder("ip", "netns", "del", namespace).start().waitFor();
        }
    }

    @Test
    void countsEveryByteThatTheClientSeesOnTheWire() throws Exception {
        var instance = UUID.randomUUID();
        var service = new ByteCounters.Endpoint("shop", SERVER, 8_080);
        var counters = open(instance);
        assertThat(counters.follow(List.of(service, new ByteCounters.Endpoint("local", "127.0.0.1", 8_080))))
                .containsExactly("shop");
        var server = peer(servers, "serve", SERVER, "8080");
        assertThat(server.inputReader().readLine()).isEqualTo("READY");
        long sentBefore = onTheWire("tx");
        long receivedBefore = onTheWire("rx");

        assertThat(peer(clients, "ask", SERVER, "8080").inputReader().readLine())
                .isEqualTo("3000000");
        var first = settled(counters);
        counters.close();
        assertThat(peer(clients, "ask", SERVER, "8080").inputReader().readLine())
                .isEqualTo("3000000");

        // The agent is another one now; the kernel has counted on.
        try (var next = open(instance)) {
            next.follow(List.of(service));
            var second = settled(next);
            assertThat(second.bytesIn()).isEqualTo(onTheWire("tx") - sentBefore);
            assertThat(second.bytesOut()).isEqualTo(onTheWire("rx") - receivedBefore);
            assertThat(second.follows(first)).isTrue();
            assertThat(second.bytesOut()).isGreaterThan(6_000_000);
            next.delete();
        }
    }

    @Test
    void beginsAtZeroForAServiceThatWasForgottenAndForgetsNoneThatIsFollowed() throws Exception {
        var service = new ByteCounters.Endpoint("shop", SERVER, 8_080);
        var server = peer(servers, "serve", SERVER, "8080");
        assertThat(server.inputReader().readLine()).isEqualTo("READY");
        try (var counters = open(UUID.randomUUID())) {
            counters.follow(List.of(service));
            assertThat(peer(clients, "ask", SERVER, "8080").inputReader().readLine())
                    .isEqualTo("3000000");
            assertThat(settled(counters).bytesOut()).isGreaterThan(3_000_000);
            assertThatIOException().isThrownBy(() -> counters.forget("shop"));

            counters.follow(List.of());
            counters.forget("shop");
            counters.forget("never seen");

            // Without a counter in the table nft would say nothing, and the reader wait for ever.
            assertThat(assertTimeoutPreemptively(Duration.ofSeconds(20), () -> counters.read()))
                    .doesNotContainKey("shop");
            counters.follow(List.of(service));
            assertThat(counters.read()).containsEntry("shop", new Counts(0, 0, 0, 0));
            counters.delete();
        }
    }

    @Test
    void handsOverToAnotherInstanceWithoutLosingOrRepeatingAByte() throws Exception {
        var former = UUID.randomUUID();
        var next = UUID.randomUUID();
        var service = new ByteCounters.Endpoint("shop", SERVER, 8_080);
        var server = peer(servers, "serve", SERVER, "8080");
        assertThat(server.inputReader().readLine()).isEqualTo("READY");
        try (var counters = open(former)) {
            counters.follow(List.of(service));
        }
        long sentBefore = onTheWire("tx");
        long receivedBefore = onTheWire("rx");

        var client = peer(clients, "ask", SERVER, "8080");
        NftHandOver.Counted counted;
        try (var counters = open(former)) {
            // Most likely in the middle of the transfer.
            ScriptedGateway.await("bytes", Duration.ofSeconds(20), () -> bytesOut(counters) > 0);
            counted =
                    NftHandOver.of(nft(), former, next, Set.of("shop", "mail")).orElseThrow();
        }
        assertThat(client.inputReader().readLine()).isEqualTo("3000000");
        assertThat(peer(clients, "ask", SERVER, "8080").inputReader().readLine())
                .isEqualTo("3000000");

        assertThat(counted.whole()).isTrue();
        try (var counters = open(next)) {
            counters.follow(List.of(service));
            var second = settled(counters);
            var first = counted.counts().get("shop");
            assertThat(first.bytesOut()).isPositive();
            assertThat(second.bytesOut()).isPositive();
            assertThat(first.bytesIn() + second.bytesIn()).isEqualTo(onTheWire("tx") - sentBefore);
            assertThat(first.bytesOut() + second.bytesOut()).isEqualTo(onTheWire("rx") - receivedBefore);
            assertThat(NftHandOver.of(nft(), former, null, Set.of("shop"))
                            .orElseThrow()
                            .counts())
                    .as("the former one counts no more")
                    .containsExactly(Map.entry("shop", first));
            counters.delete();
        }
        assertThat(NftHandOver.of(nft(), UUID.randomUUID(), next, Set.of("shop")))
                .as("no table")
                .isEmpty();
    }

    private static long bytesOut(NftCounters counters) {
        try {
            return counters.read(Set.of("shop")).get("shop").bytesOut();
        } catch (IOException e) {
            return 0;
        }
    }

    private List<String> nft() {
        return List.of("ip", "netns", "exec", servers, "/usr/sbin/nft");
    }

    private NftCounters open(UUID instance) {
        return NftCounters.open(nft(), instance).orElseThrow();
    }

    /** The last acknowledgements are under way when the client has everything. */
    private static Counts settled(NftCounters counters) throws Exception {
        var former = counters.read().get("shop");
        for (int quiet = 0; quiet < 5; ) {
            Thread.sleep(50);
            var now = counters.read().get("shop");
            quiet = now.equals(former) ? quiet + 1 : 0;
            former = now;
        }
        return former;
    }

    private long onTheWire(String direction) throws Exception {
        var path = "/sys/class/net/ve1/statistics/" + direction;
        long bytes = Long.parseLong(in(clients, "cat", path + "_bytes"));
        long packets = Long.parseLong(in(clients, "cat", path + "_packets"));
        return bytes - ETHERNET_HEADER * packets;
    }

    private String mac(String namespace, String link) throws Exception {
        return in(namespace, "cat", "/sys/class/net/" + link + "/address");
    }

    private Process peer(String namespace, String... words) throws IOException {
        var command = new ArrayList<>(List.of(
                "ip",
                "netns",
                "exec",
                namespace,
                System.getProperty("java.home") + "/bin/java",
                "-Xmx32m",
                "-cp",
                Path.of("target/test-classes").toAbsolutePath().toString(),
                NetworkPeer.class.getName()));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        started.add(process);
        return process;
    }

    private static String in(String namespace, String... words) throws Exception {
        var command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.addAll(List.of(words));
        return run(command.toArray(String[]::new));
    }

    private static String run(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes()).strip();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(String.join(" ", command) + ": " + said)
                .isZero();
        return said;
    }
}
