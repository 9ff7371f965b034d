package io.garrison.edge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.garrison.edge.Main;
import io.garrison.edge.cli.Examinations.Examination;
import io.garrison.edge.cluster.discovery.LocalPeer;
import io.garrison.edge.testing.JoinedEdge;
import io.garrison.edge.testing.ScriptedGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DI-T13, DI-T15, DI-T16, DI-T23: networks of one's own, in which beacons and multicast pass or do not. */
class DoctorLocalIT {

    private static final String PID = Long.toString(ProcessHandle.current().pid());
    private static final String LEFT = "grxl" + PID;
    private static final String RIGHT = "grxr" + PID;

    @TempDir
    Path temp;

    private final List<Process> started = new ArrayList<>();
    private JoinedEdge edge;
    private Examinations doctor;

    @BeforeEach
    void networks() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces need root");
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/ip")), "ip is not installed");
        edge = new JoinedEdge(temp, 1);
        doctor = new Examinations(edge.state, Clock.systemUTC());
        doctor.plan(List.of(), List.of(Examinations.another("10.97.2.2", 10_101)));
        run("ip", "netns", "add", LEFT);
        run("ip", "netns", "add", RIGHT);
        run("ip", "-n", LEFT, "link", "set", "lo", "up");
    }

    @AfterEach
    void remove() throws Exception {
        for (var process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        for (var namespace : List.of(LEFT, RIGHT)) {
            new ProcessBuilder("ip", "netns", "del", namespace).start().waitFor();
        }
        if (edge != null) {
            edge.close();
        }
    }

    @Test
    void seesThatNoDeviceCarriesBeaconsOrMulticast() throws Exception {
        beacons();
        assertThat(examine().only("DI-T13").found()).contains("no device that is up has a broadcast address");
        multicast();
        assertThat(examine().only("DI-T16").found()).contains("no device that is up takes part in multicast");
    }

    @Test
    void tellsBeaconsThatNobodyAnswersFromOnesThatDoNotLeave() throws Exception {
        connect();
        beacons();
        var alone = examine();
        assertThat(alone.outcomes()).contains("DI-T15 GOOD", "DI-T23 GOOD", "DI-T13 GOOD");
        assertThat(alone.only("DI-T13").found()).contains("nobody else is found");

        peer("udp", "10.97.2.0/24");
        ScriptedGateway.await(
                "the peer is found, and takes no connection",
                JoinedEdge.SOON,
                () -> examine().bad().contains("DI-T05"));
        assertThat(examine().bad()).doesNotContain("DI-T13", "DI-T23");

        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/nft")), "nft is not installed");
        run("ip", "netns", "exec", LEFT, "nft", "add table inet shut");
        run("ip", "netns", "exec", LEFT, "nft", "add chain inet shut out { type filter hook output priority 0; }");
        run("ip", "netns", "exec", LEFT, "nft", "add rule inet shut out udp dport 9999 drop");
        assertThat(examine().only("DI-T23").found()).contains("no datagram leaves for 10.97.2.255");
        assertThat(examine().bad()).doesNotContain("DI-T13");
    }

    @Test
    void seesWhetherMulticastFindsAnybody() throws Exception {
        connect();
        multicast();
        assertThat(examine().only("DI-T16").found()).contains("nobody else is found");

        peer("mdns", "");
        ScriptedGateway.await(
                "the peer is found, and takes no connection",
                JoinedEdge.SOON,
                () -> examine().bad().contains("DI-T05"));
        assertThat(examine().bad()).doesNotContain("DI-T16");
    }

    @Test
    void seesThatThePortForBeaconsIsNotForThisUser() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv is not installed");
        connect();
        beacons("discovery.udp-broadcast-port=67");
        var denied = examine(List.of("setpriv", "--bounding-set=-net_bind_service", "--inh-caps=-net_bind_service"));
        assertThat(denied.only("DI-T15").fix()).contains("CAP_NET_BIND_SERVICE");
        assertThat(examine().outcomes()).contains("DI-T15 GOOD");
    }

    private void beacons(String... more) {
        var all = new ArrayList<>(List.of(
                "cluster.enabled=true",
                "cluster.address=10.97.2.1",
                "discovery.enabled=true",
                "discovery.type=udp",
                "discovery.allowed-address-space=10.97.2.0/24"));
        if (more.length == 0) {
            all.add("discovery.udp-broadcast-port=9999");
        }
        all.addAll(List.of(more));
        doctor.settings(all.toArray(String[]::new));
    }

    private void multicast() {
        doctor.settings(
                "cluster.enabled=true",
                "cluster.address=10.97.2.1",
                "discovery.enabled=true",
                "discovery.dial-timeout=5s",
                "discovery.type=mdns");
    }

    private void connect() throws Exception {
        run("ip", "link", "add", "ve0", "netns", LEFT, "type", "veth", "peer", "name", "ve1", "netns", RIGHT);
        device(LEFT, "ve0", "10.97.2.1/24");
        device(RIGHT, "ve1", "10.97.2.2/24");
    }

    private static void device(String namespace, String device, String address) throws Exception {
        run("ip", "-n", namespace, "addr", "add", address, "brd", "+", "dev", device);
        run("ip", "-n", namespace, "link", "set", device, "up");
        run("ip", "-n", namespace, "route", "add", "224.0.0.0/4", "dev", device);
    }

    private void peer(String type, String allowed) throws IOException {
        var command = java(RIGHT, List.of(), LocalPeer.class);
        command.addAll(List.of(type, ScriptedGateway.STACK.toString(), "10.97.2.2", allowed));
        started.add(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    private Examination examine() {
        return examine(List.of());
    }

    private Examination examine(List<String> within) {
        var command = java(LEFT, within, Main.class);
        command.addAll(List.of("doctor", "--state", edge.state.root().toString(), "--json"));
        try {
            var err = temp.resolve("doctor.err");
            var process =
                    new ProcessBuilder(command).redirectError(err.toFile()).start();
            started.add(process);
            var out = process.getInputStream().readAllBytes();
            return Examination.of(process.waitFor(), out, Files.readString(err, StandardCharsets.UTF_8));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> java(String namespace, List<String> within, Class<?> main) {
        var command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.addAll(within);
        command.addAll(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        return command;
    }

    private static void run(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(String.join(" ", command) + ": " + said)
                .isZero();
    }
}
