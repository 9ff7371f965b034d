package io.garrison.edge.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.garrison.edge.health.ManagementServer.Answer;
import io.garrison.edge.state.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /health} and {@code /ready} for a balancer on another machine, in a word each. Anybody who reaches the address may
 * ask, so it says nothing else, and whoever is slow is left.
 */
public final class BalancerServer implements AutoCloseable {

    private static final int THREADS = 2;
    private static final int WAITING = 32;

    private final @Nullable HttpServer server;
    private final @Nullable ThreadPoolExecutor threads;

    private BalancerServer(@Nullable HttpServer server, @Nullable ThreadPoolExecutor threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * @param address absent to listen nowhere
     * @throws IOException if the address can't be had
     */
    public static BalancerServer listen(@Nullable HostPort address, Supplier<Answer> health, Supplier<Answer> ready)
            throws IOException {
        if (address == null) {
            return new BalancerServer(null, null);
        }
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(address.host(), address.port()), WAITING);
        } catch (IOException e) {
            throw new IOException("health.listen, " + address + ", can't be had: " + e.getMessage(), e);
        }
        var threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                Thread.ofPlatform().name("balancer-", 0).daemon().factory(),
                new ThreadPoolExecutor.DiscardPolicy());
        threads.allowCoreThreadTimeOut(true);
        server.setExecutor(threads);
        server.createContext("/health", exchange -> answer(exchange, health, "UP", "DOWN"));
        server.createContext("/ready", exchange -> answer(exchange, ready, "READY", "NOT READY"));
        server.createContext("/", exchange -> say(exchange, 404, ""));
        server.start();
        return new BalancerServer(server, threads);
    }

    @Override
    public void close() {
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
