package io.garrison.acceptance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Machines for edges and one for their clients on one layer-2 network, as network namespaces, with a way from each edge
 * to this machine's {@link ManagementAddress}. Needs root.
 */
public final class SharedNetwork implements AutoCloseable {

    private static final long PID = ProcessHandle.current().pid();

    /** An address of the network that no machine has for itself. */
    public static final String SHARED = "10.96.22.100";

    private static final String CLIENTS = "gsc" + PID;

    /** More have no number of their own among the networks to this machine. */
    private static final int MOST_EDGES = 3;

    private final int edges;
    private final List<Process> started = new ArrayList<>();

    public SharedNetwork() {
        this(2);
    }

    /** @param edges 1 to 3 */
    public SharedNetwork(int edges) {
        this.edges = edges;
        Site.run("ip", "netns", "add", CLIENTS);
        Site.in(CLIENTS, "ip", "link", "set", "lo", "up");
        Site.in(CLIENTS, "ip", "link", "add", "br0", "type", "bridge");
        Site.in(CLIENTS, "ip", "addr", "add", "10.96.22.9/24", "dev", "br0");
        Site.in(CLIENTS, "ip", "link", "set", "br0", "up");
        for (int index = 1; index <= edges; index++) {
            plug(index);
            way(index);
        }
    }

    private static void plug(int index) {
        var edge = edge(index);
        Site.run("ip", "netns", "add", edge);
        Site.in(edge, "ip", "link", "set", "lo", "up");
        Site.in(CLIENTS, "ip", "link", "add", "p" + index, "type", "veth", "peer", "name", "e0", "netns", edge);
        Site.in(CLIENTS, "ip", "link", "set", "p" + index, "master", "br0", "up");
        Site.in(edge, "ip", "addr", "add", address(index) + "/24", "dev", "e0");
        Site.in(edge, "ip", "link", "set", "e0", "up");
    }

    private static void way(int index) {
        var here = link(index);
        var network = "10.97." + (PID % 66 * MOST_EDGES + index);
        Site.run("ip", "link", "add", here, "type", "veth", "peer", "name", "e1", "netns", edge(index));
        Site.run("ip", "addr", "add", network + ".1/24", "dev", here);
        Site.run("ip", "link", "set", here, "up");
        Site.in(edge(index), "ip", "addr", "add", network + ".2/24", "dev", "e1");
        Site.in(edge(index), "ip", "link", "set", "e1", "up");
        Site.in(edge(index), "ip", "route", "add", "default", "via", network + ".1");
    }

    private static String edge(int index) {
        return "gs" + index + PID;
    }

    private static String link(int index) {
        return "gs" + PID + "m" + index;
    }

    /** An edge's own address on the network, on the device {@code e0}. */
    public static String address(int index) {
        return "10.96.22.1" + index;
    }

    /** The program that starts another one on the edge's machine. */
    public static List<String> on(int index) {
        return List.of("ip", "netns", "exec", edge(index));
    }

    /** Whether the edge's machine has the shared address now. */
    public static boolean holds(int index) {
        return Site.in(edge(index), "ip", "-o", "addr", "show", "dev", "e0").contains(" " + SHARED + "/");
    }

    /** The network namespace that is the clients' machine. */
    public static String clients() {
        return CLIENTS;
    }

    /** The network namespace that is the edge's machine. */
    public static Path namespace(int index) {
        return Path.of("/run/netns", edge(index));
    }

    /** The TCP sockets of IPv4 on the edge's machine, as its kernel lists them. */
    public static List<String> sockets(int index) {
        return Site.in(edge(index), "cat", "/proc/net/tcp").lines().toList();
    }

    /** A client of the shared address. */
    public RemoteClient client(int port) throws IOException {
        return client(SHARED, port);
    }

    /** A client of any address of the network. */
    public RemoteClient client(String address, int port) throws IOException {
        var client = RemoteClient.start(List.of("ip", "netns", "exec", CLIENTS), address, port);
        started.add(client.process());
        return client;
    }

    @Override
    public void close() {
        started.forEach(Process::destroyForcibly);
        for (int index = 1; index <= edges; index++) {
            quietly("ip", "netns", "del", edge(index));
            quietly("ip", "link", "del", link(index));
        }
        quietly("ip", "netns", "del", CLIENTS);
    }

    /** What is not there any more needs not go. */
    private static void quietly(String... command) {
        try {
            new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
