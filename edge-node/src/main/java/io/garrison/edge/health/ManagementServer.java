package io.garrison.edge.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.garrison.edge.state.DurableFiles;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code /health}, {@code /ready}, {@code /cluster/status} and {@code /metrics} to this machine, and {@code /control/…} to whoever can read
 * the token in the state directory.
 */
public final class ManagementServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ManagementServer.class);

    static {
        // Seconds for a request to arrive. Read once, when the first server of this virtual machine is made.
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
    }

    private final HttpServer server;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("management").daemon().factory());
    private final Path controlFile;
    private final Control control;

    /**
     * @param good false answers 503
     * @param body JSON document
     */
    public record Answer(boolean good, Object body) {}

    /** Does what a person asks for, and says what became of it. */
    public interface Command {
        Object run() throws IOException, InterruptedException;
    }

    /** @param commands by the rest of the path after {@code /control/} */
    public record Endpoints(
            Supplier<Answer> health,
            Supplier<Answer> ready,
            Supplier<Answer> cluster,
            Supplier<String> metrics,
            Map<String, Command> commands) {}

    /**
     * Listens on the port, or on a free one if that is 0 or taken, which another instance on this machine may do.
     *
     * @param controlFile tells commands where and how
     */
    public ManagementServer(int port, Path controlFile, Endpoints endpoints) throws IOException {
        this.server = bind(port);
        this.controlFile = controlFile;
        this.control = new Control(
                server.getAddress().getPort(), token(), ProcessHandle.current().pid());
        server.setExecutor(thread);
        server.createContext("/health", exchange -> get(exchange, endpoints.health()));
        server.createContext("/ready", exchange -> get(exchange, endpoints.ready()));
        server.createContext("/cluster/status", exchange -> get(exchange, endpoints.cluster()));
        server.createContext("/metrics", exchange -> metrics(exchange, endpoints.metrics()));
        endpoints
                .commands()
                .forEach((name, command) ->
                        server.createContext("/control/" + name, exchange -> control(exchange, command)));
        server.createContext("/", exchange -> answer(exchange, 404, "application/json", "{}"));
        server.start();
        DurableFiles.replace(controlFile, ProtocolJson.write(control));
    }

    public int port() {
        return control.port();
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(controlFile);
        server.stop(0);
        thread.shutdownNow();
    }

    private static HttpServer bind(int port) throws IOException {
        var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try {
            return HttpServer.create(new InetSocketAddress(loopback, port), 0);
        } catch (BindException e) {
            var server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
            log.info(
                    "Port {} is taken; management listens on {}",
                    port,
                    server.getAddress().getPort());
            return server;
        }
    }

    private static String token() {
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private void get(HttpExchange exchange, Supplier<Answer> source) throws IOException {
        if (!allows(exchange, "GET")) {
            return;
        }
        var answer = source.get();
        json(exchange, answer.good() ? 200 : 503, answer.body());
    }

    private void metrics(HttpExchange exchange, Supplier<String> source) throws IOException {
        if (allows(exchange, "GET")) {
            answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", source.get());
        }
    }

    private void control(HttpExchange exchange, Command command) throws IOException {
        if (!allows(exchange, "POST")) {
            return;
        }
        var given = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        var expected = "Bearer " + control.token();
        if (!MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8))) {
            answer(exchange, 401, "application/json", "{}");
            return;
        }
        try {
            json(exchange, 200, command.run());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.close();
        } catch (IOException e) {
            json(exchange, 502, Map.of("message", String.valueOf(e.getMessage())));
        }
    }

    private static boolean allows(HttpExchange exchange, String method) throws IOException {
        if (exchange.getRequestMethod().equals(method)) {
            return true;
        }
        exchange.getResponseHeaders().set("Allow", method);
        answer(exchange, 405, "application/json", "{}");
        return false;
    }

    private static void json(HttpExchange exchange, int status, Object body) throws IOException {
        answer(exchange, status, "application/json", new String(ProtocolJson.write(body), StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        try (exchange) {
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
