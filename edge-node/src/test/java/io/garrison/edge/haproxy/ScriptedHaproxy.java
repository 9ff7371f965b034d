package io.garrison.edge.haproxy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The two sockets of an HAProxy with one service, whose connections a test can cut. */
final class ScriptedHaproxy implements AutoCloseable {

    private static final String SHOP = Names.frontend("shop").name();

    private final ServerSocketChannel master;
    private final ServerSocketChannel stats;
    private final List<SocketChannel> taps = new CopyOnWriteArrayList<>();
    volatile long current = 4_000_001;
    volatile List<Long> old = List.of();
    /** One of the old ones that does not answer. */
    volatile long silent;

    volatile long startedAt = 1_000;
    volatile boolean stopping;
    volatile long connections;
    volatile long bytesOut;

    ScriptedHaproxy(Layout layout) throws IOException {
        Files.createDirectories(layout.sockets());
        master = listen(layout.master());
        stats = listen(layout.stats());
        Thread.ofVirtual().start(this::serveMaster);
        Thread.ofVirtual().start(this::serveStats);
    }

    /** What {@link WorkerReadings} takes the names from. */
    static Stored stored() {
        return new Stored(1, null, null, null, false, null, List.of(), java.util.Map.of(SHOP, "shop"), null);
    }

    /** As HAProxy does when {@code stats timeout} has passed. */
    void cutTaps() throws IOException {
        for (var tap : taps) {
            tap.close();
        }
        taps.clear();
    }

    private static ServerSocketChannel listen(Path path) throws IOException {
        var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(path));
        return channel;
    }

    private void serveMaster() {
        try {
            while (true) {
                try (var channel = master.accept()) {
                    var command = line(channel);
                    write(
                            channel,
                            command.equals("show proc")
                                    ? processes()
                                    : command.startsWith("@!" + silent + " ")
                                            ? ""
                                            : answer(command.replaceFirst("@!\\d+ ", "")));
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serveStats() {
        try {
            while (true) {
                var channel = stats.accept();
                taps.add(channel);
                Thread.ofVirtual().start(() -> {
                    try {
                        for (var command = line(channel); ; command = line(channel)) {
                            write(channel, answer(command) + "\n> ");
                        }
                    } catch (IOException e) {
                        // cut
                    }
                });
            }
        } catch (IOException e) {
            // closed
        }
    }

    private String processes() {
        var text = new StringBuilder("#<PID> <type> <reloads> <uptime> <version>\n1 master 0 [failed: 0] 0d 2.6\n");
        text.append("# workers\n")
                .append(current == 0 ? "" : current + " worker 0 0d 2.6\n")
                .append("# old workers\n");
        old.forEach(pid -> text.append(pid).append(" worker 1 0d 2.6\n"));
        return text + "# programs\n";
    }

    private String answer(String command) {
        return switch (command) {
            case "show info" ->
                "Pid: %d\nStart_time_sec: %d\nStopping: %d\n"
                        .formatted(current != 0 ? current : old.getFirst(), startedAt, stopping ? 1 : 0);
            case "show stat -1 3 -1" ->
                "# pxname,svname,mode,scur,bin,bout,conn_tot\n%s,FRONTEND,tcp,%d,0,%d,1\n"
                        .formatted(SHOP, connections, bytesOut);
            default -> "";
        };
    }

    private static String line(SocketChannel channel) throws IOException {
        var line = new StringBuilder();
        var one = ByteBuffer.allocate(1);
        while (channel.read(one.clear()) == 1) {
            if (one.get(0) == '\n') {
                return line.toString();
            }
            line.append((char) one.get(0));
        }
        throw new IOException("the other end has gone");
    }

    private static void write(SocketChannel channel, String text) throws IOException {
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public void close() throws IOException {
        master.close();
        stats.close();
        cutTaps();
    }
}
