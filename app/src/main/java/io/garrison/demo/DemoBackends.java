package io.garrison.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/** Small servers on free loopback ports for the virtual services to send traffic to. */
final class DemoBackends implements AutoCloseable {

    private static final int MAX_BODY_BYTES = 60_000;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<AutoCloseable> open = new ArrayList<>();

    /** Answers with pages of changing size; now and then slowly, seldom with an error. */
    int http(String name) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 200);
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(name, exchange));
        server.start();
        open.add(() -> server.stop(0));
        return server.getAddress().getPort();
    }

    /** Sends every byte back. */
    int echo() throws IOException {
        var server = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
        open.add(server);
        threads.execute(() -> {
            while (!server.isClosed()) {
                try {
                    var socket = server.accept();
                    threads.execute(() -> echo(socket));
                } catch (IOException e) {
                    return; // closed
                }
            }
        });
        return server.getLocalPort();
    }

    private static void answer(String name, HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            var path = exchange.getRequestURI().getPath();
            if (path.equals("/health")) {
                exchange.sendResponseHeaders(204, -1);
                return;
            }
            var random = ThreadLocalRandom.current();
            if (path.startsWith("/api") && random.nextInt(200) == 0) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            byte[] body = (name + " " + path + "\n" + ".".repeat(random.nextInt(MAX_BODY_BYTES)))
                    .getBytes(StandardCharsets.US_ASCII);
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(path.startsWith("/missing") ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // the client went away
        }
    }

    @Override
    public void close() {
        for (var each : open) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException("a demo back end does not close", e);
            }
        }
        threads.shutdownNow();
    }
}
