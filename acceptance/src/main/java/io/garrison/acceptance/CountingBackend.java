package io.garrison.acceptance;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * A back end that keeps books of its own at the socket: requests that clients sent (health checks apart), and for a TCP
 * echo every byte.
 */
public final class CountingBackend implements AutoCloseable {

    public final LongAdder requests = new LongAdder();
    public final LongAdder bytesIn = new LongAdder();
    public final LongAdder bytesOut = new LongAdder();
    public final ConcurrentLinkedQueue<String> paths = new ConcurrentLinkedQueue<>();

    private final ServerSocket server;
    private final String name;

    private CountingBackend(String name, String address, boolean echo) {
        this.name = name;
        try {
            server = new ServerSocket(0, 200, InetAddress.getByName(address));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(() -> accept(echo));
    }

    public static CountingBackend http(String name) {
        return http(name, "127.0.0.1");
    }

    /** @param address of this machine, where it listens */
    public static CountingBackend http(String name, String address) {
        return new CountingBackend(name, address, false);
    }

    /** Sends every byte back. */
    public static CountingBackend echo(String name) {
        return new CountingBackend(name, "127.0.0.1", true);
    }

    public int port() {
        return server.getLocalPort();
    }

    private void accept(boolean echo) {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket, echo));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket, boolean echo) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            if (echo) {
                echo(in, socket);
            } else {
                while (answer(in, socket)) {
                    // next request of the connection
                }
            }
        } catch (IOException e) {
            // the peer went away; what was counted stays counted
        }
    }

    private void echo(InputStream in, Socket socket) throws IOException {
        var buffer = new byte[16_384];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            bytesIn.add(n);
            socket.getOutputStream().write(buffer, 0, n);
            bytesOut.add(n);
        }
    }

    /** Answers {@code GET /size/<n>/…} with n bytes, anything else with a short text that names this back end. */
    private boolean answer(BufferedInputStream in, Socket socket) throws IOException {
        var head = Http.readHead(in);
        if (head == null) {
            return false;
        }
        long length = Http.contentLength(head);
        in.skipNBytes(length);
        var path = head.lines().findFirst().orElse("").split(" ")[1];
        byte[] body = path.startsWith("/size/")
                ? "x".repeat(Integer.parseInt(path.split("/")[2])).getBytes(StandardCharsets.US_ASCII)
                : (name + "\n").getBytes(StandardCharsets.US_ASCII);
        if (!path.startsWith("/health")) {
            requests.increment();
            paths.add(path);
        }
        var answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Backend: %s\r\nContent-Length: %d\r\n\r\n"
                .formatted(name, body.length);
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        return true;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
