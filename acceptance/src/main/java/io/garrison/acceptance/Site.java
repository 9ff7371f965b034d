package io.garrison.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A machine for an edge and one for its clients, as network namespaces, with a way from the edge to this machine's
 * {@link ManagementAddress}. Needs root.
 */
public final class Site implements AutoCloseable {

    private final int number;
    private final String edge;
    private final String clients;
    private final String link;
    private final List<Process> started = new ArrayList<>();

    /** @param number 1 to 9 */
    public Site(int number) {
        this.number = number;
        this.edge = "gae" + number;
        this.clients = "gac" + number;
        this.link = "gam" + number;
        run("ip", "netns", "add", edge);
        run("ip", "netns", "add", clients);
        run("ip", "link", "add", "ve0", "netns", edge, "type", "veth", "peer", "name", "ve1", "netns", clients);
        run("ip", "link", "add", link, "type", "veth", "peer", "name", "ve2", "netns", edge);
        run("ip", "addr", "add", "10.99.3" + number + ".1/24", "dev", link);
        run("ip", "link", "set", link, "up");
        up(edge, "ve0", address());
        up(clients, "ve1", "10.99.1" + number + ".2");
        up(edge, "ve2", "10.99.3" + number + ".2");
        in(edge, "ip", "route", "add", "default", "via", "10.99.3" + number + ".1");
    }

    /** Where the edge is for its clients. */
    public String address() {
        return "10.99.1" + number + ".1";
    }

    /** The program that starts another one on the edge's machine. */
    public List<String> edge() {
        return List.of("ip", "netns", "exec", edge);
    }

    /** A back end on the edge's machine that sends as much as it can to whoever connects. */
    public void serve(int port) throws IOException {
        var server = java(edge, "serve", "127.0.0.1", "" + port);
        assertThat(server.inputReader().readLine()).isEqualTo("READY");
    }

    /** Clients that take as much as they get, until they are closed. */
    public Process load(int port, int connections) throws IOException {
        return java(clients, "take", address(), "" + port, "" + connections);
    }

    /** Bits per second that the clients' own device receives from now on for so long, as IP traffic. */
    public double receivedBps(Duration span) throws InterruptedException {
        long began = System.nanoTime();
        long before = received();
        TimeUnit.NANOSECONDS.sleep(span.toNanos());
        return (received() - before) * 8e9 / (System.nanoTime() - began);
    }

    private long received() {
        var fields = in(clients, "cat", "/proc/net/dev")
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("ve1:"))
                .findFirst()
                .orElseThrow()
                .substring(4)
                .strip()
                .split("\\s+");
        return Long.parseLong(fields[0]) - 14 * Long.parseLong(fields[1]);
    }

    private static void up(String namespace, String device, String address) {
        in(namespace, "ip", "link", "set", "lo", "up");
        // One segment in each packet: then the counters of a device see what a wire would.
        in(namespace, "ip", "link", "set", device, "gso_max_segs", "1");
        in(namespace, "ip", "addr", "add", address + "/24", "dev", device);
        in(namespace, "ip", "link", "set", device, "up");
    }

    private Process java(String namespace, String... words) throws IOException {
        var command = new ArrayList<>(List.of(
                "ip",
                "netns",
                "exec",
                namespace,
                System.getProperty("java.home") + "/bin/java",
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-cp",
                Path.of("target/classes").toAbsolutePath().toString(),
                Flood.class.getName()));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        started.add(process);
        return process;
    }

    static String in(String namespace, String... words) {
        var command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.addAll(List.of(words));
        return run(command.toArray(String[]::new));
    }

    static String run(String... command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var said = new String(process.getInputStream().readAllBytes()).strip();
            assertThat(process.waitFor())
                    .as(String.join(" ", command) + ": " + said)
                    .isZero();
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        started.forEach(Process::destroyForcibly);
        for (var end : List.of(
                List.of("ip", "netns", "del", edge),
                List.of("ip", "netns", "del", clients),
                List.of("ip", "link", "del", link))) {
            try {
                new ProcessBuilder(end).start().waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
