package io.garrison.edge.testing;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A web server that answers each request with the address it came from, or a client that asks it every few milliseconds,
 * by new connections or by {@value #KEPT} that it keeps, or once from each of some addresses; as a process of its own so that
 * it can live in a network namespace.
 */
public final class ProbePeer {

    /** TCP asks again after a second: what is slow is not lost, and shows as a gap. */
    private static final int PATIENCE_MS = 1_500;

    private static final int KEPT = 10;

    private ProbePeer() {}

    /**
     * {@code serve ADDRESS PORT...}, {@code ask ADDRESS PORT FROM...}, or {@code probe} or {@code keep ADDRESS PORT PACE-MS},
     * which answer lines on their standard input.
     */
    public static void main(String[] words) throws Exception {
        var address = InetAddress.getByName(words[1]);
        int port = Integer.parseInt(words[2]);
        var more = List.of(words).subList(3, words.length);
        switch (words[0]) {
            case "serve" -> {
                for (var another : more) {
                    listen(new ServerSocket(Integer.parseInt(another), 500, address));
                }
                listen(new ServerSocket(port, 500, address)).join();
            }
            case "ask" -> {
                for (var from : more) {
                    System.out.println(ask(new InetSocketAddress(address, port), InetAddress.getByName(from)));
                }
            }
            default -> {
                int kept = words[0].equals("keep") ? KEPT : 0;
                new Probing(new InetSocketAddress(address, port), Integer.parseInt(more.getFirst()), kept).run();
            }
        }
    }

    private static Thread listen(ServerSocket listener) {
        var thread = Thread.ofPlatform().start(() -> serve(listener));
        System.out.println("READY");
        return thread;
    }

    private static void serve(ServerSocket listener) {
        try (listener) {
            while (true) {
                var socket = listener.accept();
                Thread.ofVirtual().start(() -> answer(socket));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void answer(Socket accepted) {
        try (var socket = accepted) {
            var lines = new BufferedReader(new InputStreamReader(socket.getInputStream()));
            for (var line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                // the head of the request
            }
            var body = socket.getInetAddress().getHostAddress();
            socket.getOutputStream()
                    .write(("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n"
                                    + body)
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // it is gone
        }
    }

    /** @return the answer's status line */
    private static String ask(InetSocketAddress target, InetAddress from) throws IOException {
        try (var socket = new Socket()) {
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(target, PATIENCE_MS);
            socket.setSoTimeout(PATIENCE_MS);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }

    private static final class Probing {
        private final InetSocketAddress target;
        private final long pace;
        private final BlockingQueue<Kept> kept = new LinkedBlockingQueue<>();
        private final boolean keeps;
        private final List<Probe> probes = new ArrayList<>();
        private final AtomicInteger underWay = new AtomicInteger();
        private volatile boolean on = true;
        private long offAt = Long.MAX_VALUE;

        private static final String REFUSED = "-";
        private static final String LATE = "+";

        /** @param from whoever served it; empty if its connection broke, {@value #REFUSED} if it got none, {@value #LATE} if no answer came in time */
        private record Probe(long ended, String from) {
            boolean isGood() {
                return !from.isEmpty() && !from.equals(REFUSED) && !from.equals(LATE);
            }
        }

        /** @param connections that are kept; 0 for a new one each time */
        Probing(InetSocketAddress target, long pace, int connections) {
            this.target = target;
            this.pace = TimeUnit.MILLISECONDS.toNanos(pace);
            this.keeps = connections > 0;
            for (int i = 0; i < connections; i++) {
                kept.add(new Kept(target));
            }
        }

        /**
         * {@code tell}: what was seen since the last time; {@code peek} tells and forgets nothing; {@code off}, which ends what rests, and {@code on};
         * {@code settle} waits for all.
         */
        void run() throws IOException, InterruptedException {
            Thread.ofPlatform().daemon().start(this::pace);
            System.out.println("READY");
            var in = new BufferedReader(new InputStreamReader(System.in));
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                boolean peeks = line.equals("peek");
                on = line.equals("on") || (peeks || line.equals("tell")) && on;
                // What is answered after the last question was asked says nothing of gaps.
                offAt = on ? Long.MAX_VALUE : System.nanoTime();
                while (line.equals("settle") && underWay.get() > 0) {
                    TimeUnit.MILLISECONDS.sleep(5);
                }
                if (line.equals("off")) {
                    // Or the server would end them in the midst of another test.
                    kept.forEach(Kept::close);
                }
                System.out.println(tell(!peeks));
            }
        }

        private void pace() {
            long next = System.nanoTime();
            while (true) {
                if (on) {
                    underWay.incrementAndGet();
                    Thread.ofVirtual().start(this::probe);
                }
                next += pace;
                long wait = next - System.nanoTime();
                if (wait > 0) {
                    java.util.concurrent.locks.LockSupport.parkNanos(wait);
                } else {
                    // the machine was busy: nothing is made up for
                    next = System.nanoTime();
                }
            }
        }

        private void probe() {
            var from = keeps ? askKept() : ask();
            synchronized (probes) {
                probes.add(new Probe(System.nanoTime(), from));
            }
            underWay.decrementAndGet();
        }

        /** By the connection that has rested longest. */
        private String askKept() {
            Kept one = null;
            try {
                one = kept.take();
                return one.ask();
            } catch (IOException e) {
                boolean asked = one.isOpen();
                one.close();
                return asked ? broken(e) : REFUSED;
            } catch (InterruptedException e) {
                return REFUSED;
            } finally {
                if (one != null) {
                    kept.add(one);
                }
            }
        }

        private String ask() {
            boolean connected = false;
            try (var socket = new Socket()) {
                socket.setSoLinger(true, 0);
                socket.connect(target, PATIENCE_MS);
                connected = true;
                socket.setSoTimeout(PATIENCE_MS);
                socket.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                var said = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                return said.startsWith("HTTP/1.1 200") ? said.substring(said.lastIndexOf('\n') + 1) : "";
            } catch (IOException e) {
                return connected ? broken(e) : REFUSED;
            }
        }

        private static String broken(IOException e) {
            return e instanceof SocketTimeoutException ? LATE : "";
        }

        /** Probes, failed ones, those of them that got no connection, those whose connection broke, the longest time in ms between two ends of good ones, and who served how many. */
        private String tell(boolean forgets) {
            List<Probe> seen;
            synchronized (probes) {
                seen = new ArrayList<>(probes);
                if (forgets) {
                    probes.clear();
                }
            }
            var by = new TreeMap<String, Integer>();
            var good = seen.stream()
                    .filter(Probe::isGood)
                    .peek(probe -> by.merge(probe.from(), 1, Integer::sum))
                    .mapToLong(Probe::ended)
                    .sorted()
                    .toArray();
            long gap = 0;
            for (int i = 1; i < good.length && good[i] - offAt < 0; i++) {
                gap = Math.max(gap, good[i] - good[i - 1]);
            }
            long refused =
                    seen.stream().filter(probe -> probe.from().equals(REFUSED)).count();
            long broken = seen.stream().filter(probe -> probe.from().isEmpty()).count();
            return seen.size() + " " + (seen.size() - good.length) + " " + refused + " " + broken + " "
                    + gap / 1_000_000 + " " + by;
        }
    }

    /** A client's connection for many requests, and the next one once the server has said that it ends. */
    private static final class Kept {
        private final InetSocketAddress target;
        private Socket socket = new Socket();
        private InputStream in = InputStream.nullInputStream();

        Kept(InetSocketAddress target) {
            this.target = target;
        }

        boolean isOpen() {
            return socket.isConnected();
        }

        String ask() throws IOException {
            if (socket.isClosed() || !socket.isConnected()) {
                socket = new Socket();
                socket.connect(target, PATIENCE_MS);
                socket.setSoTimeout(PATIENCE_MS);
                in = new BufferedInputStream(socket.getInputStream());
            }
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            int length = 0;
            boolean ends = false;
            var status = line();
            for (var line = line(); !line.isEmpty(); line = line()) {
                var header = line.toLowerCase(java.util.Locale.ROOT);
                ends |= header.equals("connection: close");
                length = header.startsWith("content-length: ") ? Integer.parseInt(header.substring(16)) : length;
            }
            var body = new String(in.readNBytes(length), StandardCharsets.US_ASCII);
            if (ends) {
                close();
            }
            return status.startsWith("HTTP/1.1 200") && body.length() == length ? body : "";
        }

        private String line() throws IOException {
            var line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("the connection ended");
                }
                line.append((char) c);
            }
            return line.toString().strip();
        }

        void close() {
            try {
                socket.close();
            } catch (IOException e) {
                // it is gone
            }
        }
    }
}
