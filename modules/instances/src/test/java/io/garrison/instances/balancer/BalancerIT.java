package io.garrison.instances.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.garrison.instances.BalancerFlavour;
import io.garrison.instances.balancer.BalancerPlan.Front;
import io.garrison.instances.balancer.BalancerPlan.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The written files with the real programs in front of two instances (PX-30, PX-31, PX-32, DI-21). */
class BalancerIT {

    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");
    private static final Path NGINX = Path.of("/usr/sbin/nginx");
    private static final Path NGINX_STREAM = Path.of("/usr/lib/nginx/modules/ngx_stream_module.so");

    @TempDir
    Path temp;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Map<String, String>> lastHeaders = new ConcurrentHashMap<>();
    private final List<HttpServer> listeners = new ArrayList<>();
    private final List<Process> started = new ArrayList<>();
    private volatile boolean firstIsReady = true;

    @AfterEach
    void ends() throws Exception {
        for (var process : started) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            process.waitFor(5, TimeUnit.SECONDS);
        }
        listeners.forEach(server -> server.stop(0));
        http.close();
    }

    @ParameterizedTest
    @EnumSource(BalancerFlavour.class)
    void isAcceptedByTheProgramWithoutAWarning(BalancerFlavour flavour) throws Exception {
        assumeTrue(Files.isExecutable(program(flavour)), program(flavour) + " is not installed");
        assumeTrue(
                flavour == BalancerFlavour.HAPROXY || Files.exists(NGINX_STREAM),
                "nginx has no stream module (libnginx-mod-stream)");
        var plan = new BalancerPlan(
                3,
                9528,
                List.of(
                        new Front(
                                "shop.1_a-b",
                                18_080,
                                true,
                                List.of(
                                        new Server("edge-1", "192.0.2.1", 80),
                                        new Server("edge-2", "2001:db8::2", 80))),
                        new Front("secure", 18_443, false, List.of(new Server("edge-1", "192.0.2.1", 443))),
                        // The same instance at another of its addresses.
                        new Front("other", 18_081, true, List.of(new Server("edge-1", "192.0.2.11", 80)))));
        var file = file(plan, flavour);
        var command = new ArrayList<>(
                flavour == BalancerFlavour.HAPROXY
                        ? List.of(HAPROXY.toString(), "-c", "-V", "-f", file.toString())
                        : nginx(file));
        if (flavour == BalancerFlavour.NGINX) {
            command.add("-t");
        }
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said.toLowerCase(java.util.Locale.ROOT)).doesNotContain("warn");
    }

    @Test
    void haproxySendsNoClientsToAnInstanceThatDrainsOrIsDown() throws Exception {
        var port = serves(BalancerFlavour.HAPROXY);
        assertThat(answersOf(port, "/", 10)).containsExactly("instance 1", "instance 2");
        assertThat(lastHeaders.get("instance 1"))
                .containsEntry("Host", "127.0.0.1:" + port)
                .containsEntry("X-forwarded-for", "127.0.0.1")
                .containsEntry("X-real-ip", "127.0.0.1")
                .containsEntry("X-forwarded-proto", "http");
        assertThat(answersOf(port, "/health", 4)).as("by the instances").containsExactly("healthy 1", "healthy 2");

        firstIsReady = false;
        awaitOnly(port, "instance 2");
        assertThat(answersOf(port, "/health", 4)).containsExactly("healthy 2");
        firstIsReady = true;
        awaitBoth(port);

        // The second instance's service and health are gone at once.
        listeners.get(2).stop(0);
        listeners.get(3).stop(0);
        assertThat(answersOf(port, "/", 10)).as("not one error").containsExactly("instance 1");
    }

    @Test
    void nginxSendsNoClientsToAnInstanceThatIsDown() throws Exception {
        var port = serves(BalancerFlavour.NGINX);
        assertThat(answersOf(port, "/", 10)).containsExactly("instance 1", "instance 2");
        assertThat(lastHeaders.get("instance 1"))
                .containsEntry("Host", "127.0.0.1")
                .containsEntry("X-forwarded-for", "127.0.0.1")
                .containsEntry("X-real-ip", "127.0.0.1")
                .containsEntry("X-forwarded-proto", "http");
        assertThat(answersOf(port, "/health", 4)).containsExactly("healthy 1", "healthy 2");

        listeners.get(0).stop(0);
        assertThat(answersOf(port, "/", 10)).containsExactly("instance 2");
        assertThat(answersOf(port, "/health", 4)).as("by an instance").contains("healthy 2");
    }

    /** Two instances at addresses of their own and the balancer before them; @return its port. */
    private int serves(BalancerFlavour flavour) throws Exception {
        assumeTrue(Files.isExecutable(program(flavour)), program(flavour) + " is not installed");
        int port = freePort();
        int servicePort = freePort();
        int healthPort = freePort();
        var servers = new ArrayList<Server>();
        for (int number = 1; number <= 2; number++) {
            var address = "127.77.0." + number;
            instance(number, address, servicePort, healthPort);
            servers.add(new Server("edge-" + number, address, servicePort));
        }
        var text = new BalancerPlan(1, healthPort, List.of(new Front("shop", port, true, servers))).write(flavour);
        // As written, but for the time until an instance is looked at again, which a test has not got.
        var file = temp.resolve("balancer.conf");
        Files.writeString(file, text.replace("inter 10s fastinter 1s", "inter 200ms fastinter 50ms"));
        start(flavour, file);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < deadline) {
            try {
                if (get(port, "/").startsWith("instance")) {
                    return port;
                }
            } catch (IOException e) {
                // it does not listen yet
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new AssertionError("the balancer does not serve");
    }

    private void start(BalancerFlavour flavour, Path file) throws IOException {
        var command = flavour == BalancerFlavour.HAPROXY
                ? List.of(HAPROXY.toString(), "-db", "-f", file.toString())
                : nginx(file);
        started.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("program.log").toFile())
                .start());
    }

    /** As written; where it keeps its own files is the machine's to say. */
    private List<String> nginx(Path file) {
        var own = "daemon off; pid " + temp.resolve("nginx.pid") + "; error_log " + temp.resolve("nginx.log") + ";";
        return List.of(NGINX.toString(), "-c", file.toString(), "-g", own);
    }

    private void instance(int number, String address, int servicePort, int healthPort) throws IOException {
        listen(address, servicePort, "instance " + number, 200);
        var health = HttpServer.create(new InetSocketAddress(address, healthPort), 0);
        health.createContext("/", exchange -> {
            boolean good = number == 2
                    || firstIsReady
                    || exchange.getRequestURI().getPath().equals("/health");
            var body = ("healthy " + number).getBytes();
            exchange.sendResponseHeaders(good ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        health.start();
        listeners.add(health);
    }

    private void listen(String address, int port, String name, int status) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(address, port), 0);
        server.createContext("/", exchange -> {
            var headers = new HashMap<String, String>();
            exchange.getRequestHeaders().forEach((key, values) -> headers.put(key, String.join(",", values)));
            lastHeaders.put(name, headers);
            exchange.sendResponseHeaders(status, name.length());
            exchange.getResponseBody().write(name.getBytes());
            exchange.close();
        });
        server.start();
        listeners.add(server);
    }

    private void awaitOnly(int port, String name) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!answersOf(port, "/", 10).equals(new TreeSet<>(List.of(name)))) {
            assertThat(System.nanoTime()).as("only " + name).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private void awaitBoth(int port) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (answersOf(port, "/", 10).size() != 2) {
            assertThat(System.nanoTime()).as("both").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private TreeSet<String> answersOf(int port, String path, int times) throws Exception {
        var answers = new TreeSet<String>();
        for (int i = 0; i < times; i++) {
            answers.add(get(port, path));
        }
        return answers;
    }

    private String get(int port, String path) throws IOException, InterruptedException {
        var answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                BodyHandlers.ofString());
        return answer.statusCode() == 200 ? answer.body() : "status " + answer.statusCode();
    }

    private Path file(BalancerPlan plan, BalancerFlavour flavour) throws IOException {
        return Files.writeString(temp.resolve("balancer.conf"), plan.write(flavour));
    }

    private static Path program(BalancerFlavour flavour) {
        return flavour == BalancerFlavour.HAPROXY ? HAPROXY : NGINX;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
