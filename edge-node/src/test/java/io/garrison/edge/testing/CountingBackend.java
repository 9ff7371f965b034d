package io.garrison.edge.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A small HTTP server that remembers what it was asked and answers its own name. After an upgrade it sends all bytes back. */
public final class CountingBackend implements AutoCloseable {

    /** To the protocol that is asked for; the key is the example's of RFC 6455, 1.3. */
    private static final String UPGRADED = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: %s\r\n"
            + "Sec-WebSocket-Accept: s3pPLBMiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    public final List<String> heads = new CopyOnWriteArrayList<>();
    public final AtomicLong requests = new AtomicLong();
    private final ServerSocket server;
    private final String name;

    public CountingBackend(String name) throws IOException {
        this(name, "127.0.0.1");
    }

    public CountingBackend(String name, String address) throws IOException {
        this.name = name;
        this.server = new ServerSocket(0, 512, InetAddress.getByName(address));
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            var out = socket.getOutputStream();
            for (var head = head(in); head != null; head = head(in)) {
                var lower = head.toLowerCase(java.util.Locale.ROOT);
                int at = lower.indexOf("content-length: ");
                if (at >= 0) {
                    in.readNBytes(Integer.parseInt(
                            lower.substring(at + 16, lower.indexOf("\r\n", at)).trim()));
                }
                if (!lower.startsWith("get /health ")) {
                    heads.add(head);
                    requests.incrementAndGet();
                }
                int upgrade = head.startsWith("GET /upgraded ") ? lower.indexOf("\r\nupgrade: ") + 11 : 10;
                var answer = upgrade == 10
                        ? answer(head)
                        : UPGRADED.formatted(lower.substring(upgrade, lower.indexOf("\r\n", upgrade)));
                out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                if (upgrade > 10) {
                    in.transferTo(out);
                    return;
                }
            }
        } catch (IOException e) {
            // the proxy closed
        }
    }

    private String answer(String head) {
        var path = head.split(" ")[1];
        if (path.startsWith("/empty")) {
            return "HTTP/1.1 204 No Content\r\n\r\n";
        }
        if (path.startsWith("/chunked")) {
            return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
        }
        var body = path.startsWith("/big") ? "x".repeat(300_000) : name;
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + (head.startsWith("HEAD ") ? "" : body);
    }

    static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0; c = in.read()) {
            head.write(c);
            if (c == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
