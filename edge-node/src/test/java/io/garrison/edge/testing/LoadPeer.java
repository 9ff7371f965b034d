package io.garrison.edge.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends or takes as much as TCP lets it, as a process of its own so that it can live in a network namespace. The client
 * prints, ten times a second, what its network device has counted.
 */
public final class LoadPeer {

    private static final int PIECE = 1 << 16;

    private LoadPeer() {}

    /** {@code serve ADDRESS PORT}, or {@code down|up ADDRESS PORT DEVICE CONNECTIONS}. */
    public static void main(String[] words) throws Exception {
        var address = InetAddress.getByName(words[1]);
        int port = Integer.parseInt(words[2]);
        if (words[0].equals("serve")) {
            serve(address, port);
        }
        boolean down = words[0].equals("down");
        var payload = new AtomicLong();
        for (int i = 0; i < Integer.parseInt(words[4]); i++) {
            var socket = new Socket(address, port);
            socket.getOutputStream().write(down ? 'd' : 'u');
            Thread.ofPlatform().start(() -> move(socket, down, payload));
        }
        while (true) {
            System.out.println(System.nanoTime() + " " + device(words[3]) + " " + payload.get());
            Thread.sleep(100);
        }
    }

    private static void serve(InetAddress address, int port) throws IOException {
        try (var listener = new ServerSocket(port, 50, address)) {
            System.out.println("READY");
            while (true) {
                var socket = listener.accept();
                Thread.ofPlatform().start(() -> {
                    try (socket) {
                        int first = socket.getInputStream().read();
                        if (first == 'd') {
                            move(socket, false, new AtomicLong());
                        } else if (first == 'u') {
                            move(socket, true, new AtomicLong());
                        }
                    } catch (IOException e) {
                        // it is gone
                    }
                });
            }
        }
    }

    private static void move(Socket socket, boolean in, AtomicLong payload) {
        var piece = new byte[PIECE];
        try (socket) {
            while (true) {
                if (in) {
                    int read = socket.getInputStream().read(piece);
                    if (read < 0) {
                        break;
                    }
                    payload.addAndGet(read);
                } else {
                    socket.getOutputStream().write(piece);
                    payload.addAndGet(PIECE);
                }
            }
        } catch (IOException e) {
            // told below
        }
        System.out.println("ENDED");
    }

    /** Bytes and packets received, then sent. */
    private static String device(String name) throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/net/dev"))) {
            if (line.strip().startsWith(name + ":")) {
                var fields = line.substring(line.indexOf(':') + 1).strip().split("\\s+");
                return fields[0] + " " + fields[1] + " " + fields[8] + " " + fields[9];
            }
        }
        throw new IOException("no device " + name);
    }
}
