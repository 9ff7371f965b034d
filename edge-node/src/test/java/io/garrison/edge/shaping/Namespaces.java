package io.garrison.edge.shaping;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.testing.LoadPeer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An instance and its clients as two machines, and a way from the instance to management on this one. */
public final class Namespaces implements AutoCloseable {

    public static final String SERVER = "10.98.8.1";
    public static final String SERVER_6 = "fd98:8::1";
    public static final String CLIENT = "10.98.8.2";
    /** On this machine, where other tests may have such a way as well. */
    private static final String WAY = "10.97." + ProcessHandle.current().pid() % 200;

    public static final String MANAGEMENT = WAY + ".1";

    public final String edge = "gre" + ProcessHandle.current().pid();
    public final String clients = "grc" + ProcessHandle.current().pid();
    private final String way = "grm" + ProcessHandle.current().pid();
    private final List<Process> started = new ArrayList<>();

    public Namespaces() throws Exception {
        run("ip", "netns", "add", edge);
        run("ip", "netns", "add", clients);
        run("ip", "link", "add", "ve0", "netns", edge, "type", "veth", "peer", "name", "ve1", "netns", clients);
        run("ip", "link", "add", way, "type", "veth", "peer", "name", "ve2", "netns", edge);
        run("ip", "addr", "add", MANAGEMENT + "/24", "dev", way);
        run("ip", "link", "set", way, "up");
        address(edge, "ve0", SERVER);
        address(clients, "ve1", CLIENT);
        address(edge, "ve2", WAY + ".2");
        in(edge, "ip", "addr", "add", SERVER_6 + "/64", "dev", "ve0", "nodad");
        in(clients, "ip", "addr", "add", "fd98:8::2/64", "dev", "ve1", "nodad");
    }

    private static void address(String namespace, String device, String address) throws Exception {
        in(namespace, "ip", "link", "set", "lo", "up");
        // One segment in each packet: then the counters of a device see what a wire would.
        in(namespace, "ip", "link", "set", device, "gso_max_segs", "1");
        in(namespace, "ip", "addr", "add", address + "/24", "dev", device);
        in(namespace, "ip", "link", "set", device, "up");
    }

    public List<String> within() {
        return List.of("ip", "netns", "exec", edge);
    }

    public Process peer(String namespace, String... words) throws IOException {
        var command = new ArrayList<>(List.of(
                "ip",
                "netns",
                "exec",
                namespace,
                System.getProperty("java.home") + "/bin/java",
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-cp",
                Path.of("target/test-classes").toAbsolutePath().toString(),
                LoadPeer.class.getName()));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        started.add(process);
        return process;
    }

    public static String in(String namespace, String... words) throws Exception {
        var command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.addAll(List.of(words));
        return run(command.toArray(String[]::new));
    }

    public static String run(String... command) throws Exception {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("GARRISON_NO_BUILD", "1");
        var process = builder.start();
        var said = new String(process.getInputStream().readAllBytes()).strip();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(String.join(" ", command) + ": " + said)
                .isZero();
        return said;
    }

    @Override
    public void close() throws Exception {
        for (var process : started) {
            process.destroyForcibly().waitFor();
        }
        for (var namespace : List.of(edge, clients)) {
            new ProcessBuilder("ip", "netns", "del", namespace).start().waitFor();
        }
        new ProcessBuilder("ip", "link", "del", way).start().waitFor();
    }
}
