package io.garrison.edge.cluster.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.garrison.edge.testing.JoinedEdge;
import io.garrison.edge.testing.ScriptedGateway;
import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DI-11, DI-12, DI-15, DI-T13 to DI-T17: peers on one network, each in a network namespace of its own. */
class LocalDiscoveryIT {

    private static final String PID = Long.toString(ProcessHandle.current().pid());
    private static final String LEFT = "grdl" + PID;
    private static final String RIGHT = "grdr" + PID;
    private static final Path OF_RIGHT = Path.of("/etc/netns", RIGHT);
    private static final Path AVAHI = Path.of("/usr/sbin/avahi-daemon");

    private static final List<String> WRONG = List.of("10.97.1.0", "10.97.1.255", "127.0.0.9", "224.1.2.3");

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();
    private final Map<Process, Path> logs = new HashMap<>();
    private boolean networks;

    @AfterEach
    void remove() throws Exception {
        for (var process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        if (networks) {
            new ProcessBuilder("ip", "netns", "del", LEFT).start().waitFor();
            new ProcessBuilder("ip", "netns", "del", RIGHT).start().waitFor();
            if (Files.exists(OF_RIGHT)) {
                try (var files = Files.walk(OF_RIGHT)) {
                    for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
    }

    @Test
    void broadcastFindsPeersOfTheSameNameWithinTheAllowedSpace() throws Exception {
        makeNetworks();
        var asking = discovery(LEFT, "udp", "shop", "10.97.1.1", "10.97.1.0/24");
        var silentFor = discovery(RIGHT, "udp", "shop", "10.97.1.2", "10.97.1.2/32");
        var answering = discovery(RIGHT, "udp", "shop", "10.97.1.2", "10.97.1.0/24");
        var other = discovery(RIGHT, "udp", "mail", "10.97.1.2", "10.97.1.0/24");

        awaitFound(asking, "/10.97.1.2:10101");
        awaitFound(answering, "/10.97.1.1:10101");
        assertThat(found(other)).containsExactly("");
        assertThat(found(silentFor))
                .as("the asking one is not in its space")
                .noneMatch(line -> line.contains("10.97.1.1"));
    }

    /** One device is down, and to the network of another there is no route; both come before the one where the peer is. */
    @Test
    void broadcastPassesOverNetworksThatTakeNoBeacon() throws Exception {
        makeNetworks();
        run("ip", "link", "add", "du0", "netns", LEFT, "type", "veth", "peer", "name", "off0", "netns", LEFT);
        run("ip", "link", "add", "du1", "netns", LEFT, "type", "veth", "peer", "name", "off1", "netns", LEFT);
        run("ip", "-n", LEFT, "addr", "add", "10.96.1.1/24", "brd", "+", "dev", "du0");
        run("ip", "-n", LEFT, "addr", "add", "10.96.2.1/24", "brd", "+", "dev", "du1");
        run("ip", "-n", LEFT, "link", "set", "du1", "up");
        run("ip", "-n", LEFT, "link", "set", "off1", "up");
        run("ip", "-n", LEFT, "route", "del", "10.96.2.0/24", "dev", "du1");
        run("ip", "-n", LEFT, "route", "del", "broadcast", "10.96.2.255", "dev", "du1", "table", "local");
        var asking = discovery(LEFT, "udp", "shop", "10.97.1.1", "10.96.0.0/15");
        discovery(RIGHT, "udp", "shop", "10.97.1.2", "10.97.1.0/24");

        awaitFound(asking, "/10.97.1.2:10101");
    }

    @Test
    void multicastFindsPeersAndServicesOfAForeignResponder() throws Exception {
        assumeTrue(Files.isExecutable(AVAHI), "avahi is not installed at " + AVAHI);
        makeNetworks();
        Files.createDirectories(OF_RIGHT.resolve("avahi/services"));
        Files.writeString(OF_RIGHT.resolve("avahi/avahi-daemon.conf"), """
                [server]
                host-name=foreign
                use-ipv6=no
                enable-dbus=no
                [publish]
                publish-workstation=no
                """);
        Files.writeString(OF_RIGHT.resolve("avahi/services/peer.service"), """
                <?xml version="1.0"?><!DOCTYPE service-group SYSTEM "avahi-service.dtd">
                <service-group><name>foreign</name><service><type>_garrison._tcp</type><port>10177</port>
                <txt-record>service=shop</txt-record></service></service-group>
                """);
        plantWrongAddresses();
        start("ip", "netns", "exec", RIGHT, AVAHI.toString(), "--no-drop-root", "--no-chroot", "--no-rlimits");
        var asking = discovery(LEFT, "mdns", "shop", "10.97.1.1", "");
        var answering = discovery(RIGHT, "mdns", "shop", "10.97.1.2", "");
        var other = discovery(RIGHT, "mdns", "mail", "10.97.1.2", "");

        awaitFound(asking, "/10.97.1.2:10101");
        awaitFound(asking, "/10.97.1.2:10177");
        awaitFound(answering, "/10.97.1.1:10101");
        assertThat(found(other)).containsExactly("");
        assertSkipped(asking);
    }

    /** Services of the foreign responder at addresses where nobody can be. */
    private static void plantWrongAddresses() throws IOException {
        var hosts = new StringBuilder();
        for (int i = 0; i < WRONG.size(); i++) {
            hosts.append(WRONG.get(i)).append(" wrong-").append(i).append(".local\n");
            Files.writeString(OF_RIGHT.resolve("avahi/services/wrong-" + i + ".service"), """
                    <?xml version="1.0"?><!DOCTYPE service-group SYSTEM "avahi-service.dtd">
                    <service-group><name>wrong-%1$d</name><service><type>_garrison._tcp</type>
                    <host-name>wrong-%1$d.local</host-name><port>10188</port>
                    <txt-record>service=shop</txt-record></service></service-group>
                    """.formatted(i));
        }
        Files.writeString(OF_RIGHT.resolve("avahi/hosts"), hosts);
    }

    /** DI-T17 */
    private void assertSkipped(Process asking) throws Exception {
        var log = logs.get(asking);
        for (var address : WRONG) {
            ScriptedGateway.await(address + " is told", Duration.ofSeconds(30), () -> {
                try {
                    return Files.readString(log).contains("[mdns-address-skipped] " + address + " of wrong-");
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }
        assertThat(found(asking)).noneMatch(line -> line.contains(":10188"));
    }

    @Test
    void saysThatThePortForBroadcastsBelongsToAnother() throws Exception {
        try (var taken = new DatagramSocket(JoinedEdge.freePort());
                var udp = new UdpDiscovery(
                        Settings.of(
                                "udp",
                                "udp-broadcast-port",
                                Integer.toString(taken.getLocalPort()),
                                "allowed-address-space",
                                "10.97.1.0/24"),
                        Settings.self(1, "shop", "127.0.0.1", 10_101))) {
            taken.setReuseAddress(false);
            assertThatExceptionOfType(DiscoveryException.class)
                    .isThrownBy(udp::announce)
                    .matches(e -> e.code().equals("udp-port-in-use"));
            assertThatExceptionOfType(DiscoveryException.class)
                    .isThrownBy(udp::discover)
                    .matches(e -> e.code().equals("udp-failed"))
                    .withMessageContaining("discovery.allowed-address-space");
        }
    }

    /** What a peer has seen so far, one look a line, until it has seen this. */
    private static void awaitFound(Process peer, String address) throws IOException {
        var out = peer.inputReader();
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            if (Set.of(line.split(" ")).contains(address)) {
                return;
            }
        }
        throw new AssertionError("never found: " + address);
    }

    /** The next two looks, without repetition. */
    private static Set<String> found(Process peer) throws IOException {
        var lines = new TreeSet<String>();
        for (int i = 0; i < 2; i++) {
            lines.add(peer.inputReader().readLine());
        }
        return lines;
    }

    private Process discovery(String namespace, String type, String service, String address, String allowed)
            throws IOException {
        return start(
                "ip",
                "netns",
                "exec",
                namespace,
                System.getProperty("java.home") + "/bin/java",
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LocalPeer.class.getName(),
                type,
                service,
                address,
                allowed);
    }

    private Process start(String... command) throws IOException {
        var log = directory.resolve(started.size() + ".log");
        var process = new ProcessBuilder(command).redirectError(log.toFile()).start();
        started.add(process);
        logs.put(process, log);
        return process;
    }

    private void makeNetworks() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces need root");
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/ip")), "ip is not installed");
        networks = true;
        run("ip", "netns", "add", LEFT);
        run("ip", "netns", "add", RIGHT);
        run("ip", "link", "add", "ve0", "netns", LEFT, "type", "veth", "peer", "name", "ve1", "netns", RIGHT);
        device(LEFT, "ve0", "10.97.1.1/24");
        device(RIGHT, "ve1", "10.97.1.2/24");
    }

    private static void device(String namespace, String device, String address) throws Exception {
        run("ip", "-n", namespace, "link", "set", "lo", "up");
        run("ip", "-n", namespace, "addr", "add", address, "brd", "+", "dev", device);
        run("ip", "-n", namespace, "link", "set", device, "up");
        run("ip", "-n", namespace, "route", "add", "224.0.0.0/4", "dev", device);
    }

    private static void run(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(String.join(" ", command) + ": " + said)
                .isZero();
    }
}
