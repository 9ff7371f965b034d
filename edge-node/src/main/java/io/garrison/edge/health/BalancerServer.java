package io.garrison.edge.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.garrison.edge.health.ManagementServer.Answer;
import io.garrison.edge.state.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /health} and {@code /ready} for a balancer on another machine, in a word each. Anybody who reaches the address may
 * ask, so it says nothing else, and whoever is slow is left.
 */
public final class BalancerServer implements AutoCloseable {

    private static final int THREADS = 2;
    private static final int WAITING = 32;

    private static final Logger log = LoggerFactory.getLogger(BalancerServer.class);
    private static final Duration RETRY = Duration.ofSeconds(3);

    private final Supplier<Answer> health;
    private final Supplier<Answer> ready;
    private final CountDownLatch stop = new CountDownLatch(1);
    private @Nullable HttpServer server;
    private @Nullable ThreadPoolExecutor threads;

    private BalancerServer(Supplier<Answer> health, Supplier<Answer> ready) {
        this.health = health;
        this.ready = ready;
    }

    /**
     * Returns at once. An address that can't be had, because it is not there yet or another program has it, is tried again
     * every few seconds: nothing else of this instance waits for it.
     *
     * @param address absent to listen nowhere
     */
    public static BalancerServer listen(@Nullable HostPort address, Supplier<Answer> health, Supplier<Answer> ready) {
        return listen(address, health, ready, RETRY);
    }

    static BalancerServer listen(
            @Nullable HostPort address, Supplier<Answer> health, Supplier<Answer> ready, Duration retry) {
        var server = new BalancerServer(health, ready);
        if (address != null) {
            var unused = Thread.ofPlatform()
                    .name("balancer-listen")
                    .daemon()
                    .start(() -> server.untilListening(address, retry));
        }
        return server;
    }

    private void untilListening(HostPort address, Duration retry) {
        boolean told = false;
        try {
            for (var why = tryToListen(address); why != null; why = tryToListen(address)) {
                if (!told) {
                    log.warn("health.listen, {}, can't be had: {}; trying on", address, why);
                    told = true;
                }
                if (stop.await(retry.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            if (told) {
                log.info("health.listen, {}, is listened on", address);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return why not; null if there is nothing left to try */
    private synchronized @Nullable String tryToListen(HostPort address) {
        if (stop.getCount() == 0) {
            return null;
        }
        try {
            begin(HttpServer.create(new InetSocketAddress(address.host(), address.port()), WAITING));
            return null;
        } catch (IOException | UnresolvedAddressException e) {
            return e.toString();
        }
    }

    private void begin(HttpServer listening) {
        var pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                Thread.ofPlatform().name("balancer-", 0).daemon().factory(),
                new ThreadPoolExecutor.DiscardPolicy());
        pool.allowCoreThreadTimeOut(true);
        threads = pool;
        server = listening;
        listening.setExecutor(pool);
        listening.createContext("/health", exchange -> answer(exchange, health, "UP", "DOWN"));
        listening.createContext("/ready", exchange -> answer(exchange, ready, "READY", "NOT READY"));
        listening.createContext("/", exchange -> say(exchange, 404, ""));
        listening.start();
    }

    @Override
    public synchronized void close() {
        stop.countDown();
        if (server != null) {
            server.stop(0);
        }
        if (threads != null) {
            threads.shutdownNow();
        }
    }

    private static void answer(HttpExchange exchange, Supplier<Answer> source, String good, String bad)
            throws IOException {
        boolean asked = exchange.getRequestMethod().equals("GET")
                || exchange.getRequestMethod().equals("HEAD");
        if (!asked) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            say(exchange, 405, "");
            return;
        }
        boolean well = source.get().good();
        say(exchange, well ? 200 : 503, (well ? good : bad) + "\n");
    }

    private static void say(HttpExchange exchange, int status, String word) throws IOException {
        try (exchange) {
            var bytes = word.getBytes(StandardCharsets.US_ASCII);
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            boolean silent = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, silent ? -1 : bytes.length);
            if (!silent) {
                exchange.getResponseBody().write(bytes);
            }
        }
    }
}
