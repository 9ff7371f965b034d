package io.garrison.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Visitors: mostly harmless, some hostile. Bounded: a few requests a second per service, for one hour at most. Clients
 * come from many loopback addresses, so that access lists and limits per client have something to tell apart.
 */
final class DemoTraffic implements AutoCloseable {

    static final Duration LIMIT = Duration.ofHours(1);

    /** Addresses that the demo's policies deny. */
    static final String DENIED_NETWORK = "127.66.0.0/16";

    private static final List<String> PAGES = List.of(
            "/",
            "/products",
            "/products/17",
            "/cart",
            "/checkout",
            "/api/orders",
            "/api/stock?item=3",
            "/search?q=lamp",
            "/missing/page");
    private static final List<String> HOSTILE = List.of(
            "/login?user=admin%27%20or%201=1--",
            "/../../etc/passwd",
            "/?q=%3Cscript%3Ealert(1)%3C/script%3E",
            "/wp-admin/setup.php",
            "/api/orders?id=1;drop%20table");

    private final AtomicBoolean going = new AtomicBoolean(true);
    final LongAdder sent = new LongAdder();
    final LongAdder failed = new LongAdder();

    /** One service that visitors know. */
    record Target(String address, int port, String host, boolean http) {}

    void start(List<Target> targets) {
        for (var target : targets) {
            Thread.ofVirtual().name("demo-visitors-" + target.port()).start(() -> visit(target));
        }
    }

    private void visit(Target target) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (going.get() && System.nanoTime() < end) {
            var random = ThreadLocalRandom.current();
            try {
                if (!target.http()) {
                    echo(target, random.nextInt(1, 40_000));
                } else if (random.nextInt(100) < 4) {
                    burst(target, "127.77.0." + random.nextInt(1, 5));
                } else if (random.nextInt(100) < 8) {
                    get(target, "127.66.3." + random.nextInt(1, 250), HOSTILE);
                } else if (random.nextInt(100) < 6) {
                    get(target, visitor(random), HOSTILE);
                } else {
                    get(target, visitor(random), PAGES);
                }
                TimeUnit.MILLISECONDS.sleep(random.nextInt(60, 400));
            } catch (IOException e) {
                failed.increment();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static String visitor(ThreadLocalRandom random) {
        return "127.20." + random.nextInt(0, 4) + "." + random.nextInt(1, 250);
    }

    /** More from one client than a limit lets through. */
    private void burst(Target target, String from) throws IOException {
        for (int i = 0; i < 60 && going.get(); i++) {
            get(target, from, PAGES);
        }
    }

    private void get(Target target, String from, List<String> paths) throws IOException {
        var path = paths.get(ThreadLocalRandom.current().nextInt(paths.size()));
        try (var socket = connect(target, from)) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + target.host()
                                    + "\r\nUser-Agent: demo-visitor\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            sent.increment();
            socket.getInputStream().readAllBytes();
        }
    }

    private void echo(Target target, int size) throws IOException {
        try (var socket = connect(target, visitor(ThreadLocalRandom.current()))) {
            socket.getOutputStream().write(new byte[size]);
            socket.shutdownOutput();
            sent.increment();
            socket.getInputStream().readAllBytes();
        }
    }

    private static Socket connect(Target target, String from) throws IOException {
        var socket = new Socket();
        socket.setSoTimeout(10_000);
        socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        socket.connect(new InetSocketAddress(target.address(), target.port()), 5_000);
        return socket;
    }

    @Override
    public void close() {
        going.set(false);
    }
}
