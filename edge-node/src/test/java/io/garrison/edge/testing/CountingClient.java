package io.garrison.edge.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One connection that counts every byte it writes and reads. */
public final class CountingClient implements AutoCloseable {

    public long sent;
    public long received;
    public boolean closing;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    public CountingClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(10_000);
        var raw = socket.getInputStream();
        in = new BufferedInputStream(new InputStream() {
            @Override
            public int read() throws IOException {
                int c = raw.read();
                received += c < 0 ? 0 : 1;
                return c;
            }

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                int n = raw.read(b, off, len);
                received += Math.max(0, n);
                return n;
            }
        });
        out = socket.getOutputStream();
    }

    public static CountingClient to(int port) throws IOException {
        return to("127.0.0.1", port);
    }

    public static CountingClient to(String address, int port) throws IOException {
        return new CountingClient(new Socket(address, port));
    }

    public void send(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        out.write(bytes);
        out.flush();
        sent += bytes.length;
    }

    /** @return status and body */
    public String exchange(String request) throws IOException {
        send(request);
        var head = CountingBackend.head(in);
        if (head == null) {
            throw new IOException("closed without an answer");
        }
        var lower = head.toLowerCase(java.util.Locale.ROOT);
        closing = lower.contains("connection: close");
        int status = Integer.parseInt(head.substring(9, 12));
        var body = new StringBuilder();
        int at = lower.indexOf("content-length: ");
        if (request.startsWith("HEAD ") || status == 204) {
            return status + " ";
        } else if (at >= 0) {
            int length = Integer.parseInt(
                    lower.substring(at + 16, lower.indexOf("\r\n", at)).trim());
            body.append(new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
        } else if (lower.contains("transfer-encoding: chunked")) {
            while (!body.toString().endsWith("0\r\n\r\n")) {
                body.append((char) in.read());
            }
        } else {
            untilEnd();
        }
        return status + " " + body;
    }

    public String get(String path, String... headers) throws IOException {
        var lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return exchange("GET " + path + " HTTP/1.1\r\nHost: shop.example\r\n" + lines + "\r\n");
    }

    /** Asks for another protocol; {@link #receive} reads on behind the head of the answer, which it returns. */
    public String upgrade(String request) throws IOException {
        send(request);
        return String.valueOf(CountingBackend.head(in));
    }

    public String receive(int length) throws IOException {
        return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    public void untilEnd() throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
