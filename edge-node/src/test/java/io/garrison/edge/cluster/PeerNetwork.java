package io.garrison.edge.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Members as machines of one network, which can be cut in two and can give them other addresses. */
final class PeerNetwork implements AutoCloseable {

    /** Nobody is there; but packets to it say which address a member has. */
    static final URI MANAGEMENT = URI.create("https://10.98.61.254:1");

    private static final String PID = Long.toString(ProcessHandle.current().pid());
    private static final String HUB = "gcn" + PID;

    private final int machines;

    PeerNetwork(int machines) throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces need root");
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/ip")), "ip is not installed");
        this.machines = machines;
        run("ip", "netns", "add", HUB);
        for (var bridge : List.of("br0", "br1")) {
            run("ip", "-n", HUB, "link", "add", bridge, "type", "bridge");
            run("ip", "-n", HUB, "link", "set", bridge, "up");
        }
        for (int i = 1; i <= machines; i++) {
            run("ip", "netns", "add", name(i));
            run("ip", "-n", name(i), "link", "set", "lo", "up");
            run("ip", "-n", HUB, "link", "add", "p" + i, "type", "veth", "peer", "name", "e0", "netns", name(i));
            run("ip", "-n", HUB, "link", "set", "p" + i, "master", "br0", "up");
            run("ip", "-n", name(i), "addr", "add", address(i) + "/24", "dev", "e0");
            run("ip", "-n", name(i), "link", "set", "e0", "up");
        }
    }

    static String address(int machine) {
        return "10.98.61." + machine;
    }

    /** What begins a command that runs on it. */
    static List<String> within(int machine) {
        return List.of("ip", "netns", "exec", name(machine));
    }

    /** Takes it away from the others. */
    void cutOff(int machine) throws Exception {
        run("ip", "-n", HUB, "link", "set", "p" + machine, "master", "br1");
    }

    void connect(int machine) throws Exception {
        run("ip", "-n", HUB, "link", "set", "p" + machine, "master", "br0");
    }

    /** As a server of addresses does that has forgotten it. */
    void give(int machine, String address) throws Exception {
        run("ip", "-n", name(machine), "addr", "flush", "dev", "e0");
        run("ip", "-n", name(machine), "addr", "add", address + "/24", "dev", "e0");
    }

    private static String name(int machine) {
        return "gc" + machine + "n" + PID;
    }

    private static void run(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(String.join(" ", command) + ": " + said)
                .isZero();
    }

    @Override
    public void close() throws Exception {
        for (int i = 1; i <= machines; i++) {
            new ProcessBuilder("ip", "netns", "del", name(i)).start().waitFor();
        }
        new ProcessBuilder("ip", "netns", "del", HUB).start().waitFor();
    }
}
