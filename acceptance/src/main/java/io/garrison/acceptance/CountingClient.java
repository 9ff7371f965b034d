package io.garrison.acceptance;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Clients that count every byte that they write to and read from their sockets: the ground truth of the bill. */
public final class CountingClient {

    public final LongAdder requests = new LongAdder();
    public final LongAdder connections = new LongAdder();
    public final LongAdder bytesSent = new LongAdder();
    public final LongAdder bytesReceived = new LongAdder();
    public final Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();

    private final String address;
    private final int port;
    private final Random random;

    public CountingClient(String address, int port, long seed) {
        this.address = address;
        this.port = port;
        this.random = new Random(seed);
    }

    public int port() {
        return port;
    }

    /** Some requests on one connection that stays open between them, unless an answer says that it is the last on it. */
    public void requests(int count) {
        try {
            for (int done = 0; done < count; ) {
                done += onOneConnection(count - done);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("after " + requests + " requests", e);
        }
    }

    private int onOneConnection(int most) throws IOException {
        try (var socket = open()) {
            var in = new BufferedInputStream(socket.getInputStream());
            int done = 0;
            Answer answer;
            do {
                answer = exchange(socket, in, "/size/" + random.nextInt(20_000) + "/" + random.nextInt(1_000));
                done++;
            } while (done < most && !answer.last());
            return done;
        }
    }

    /** One request on a connection of its own; returns the status. */
    public int request(String path) {
        try (var socket = open()) {
            return exchange(socket, new BufferedInputStream(socket.getInputStream()), path)
                    .status();
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }

    /** Sends bytes to a TCP echo and reads them back. */
    public void echo(int size) {
        try (var socket = open()) {
            var bytes = new byte[size];
            random.nextBytes(bytes);
            var sender = Thread.ofVirtual().start(() -> {
                try {
                    socket.getOutputStream().write(bytes);
                    socket.shutdownOutput();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            long received = 0;
            var buffer = new byte[16_384];
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                received += n;
            }
            sender.join();
            requests.increment();
            bytesSent.add(size);
            bytesReceived.add(received);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Socket open() throws IOException {
        var socket = new Socket(address, port);
        socket.setSoTimeout(15_000);
        connections.increment();
        return socket;
    }

    /** @param last whether the server ends the connection after it */
    private record Answer(int status, boolean last) {}

    private Answer exchange(Socket socket, BufferedInputStream in, String path) throws IOException {
        byte[] request = ("GET " + path + " HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: counting\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        socket.getOutputStream().write(request);
        bytesSent.add(request.length);
        requests.increment();
        var head = Http.readHead(in);
        if (head == null) {
            throw new IOException("no answer to " + path);
        }
        long body = Http.contentLength(head);
        in.skipNBytes(body);
        bytesReceived.add(head.length() + body);
        int status = Integer.parseInt(head.substring(9, 12));
        statuses.computeIfAbsent(status, s -> new LongAdder()).increment();
        return new Answer(status, head.toLowerCase(Locale.ROOT).contains("\r\nconnection: close"));
    }
}
