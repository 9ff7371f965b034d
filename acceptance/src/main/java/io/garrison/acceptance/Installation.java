package io.garrison.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** One installation in a directory of its own: keys and licence made with the command line, the application started with it. */
public final class Installation implements AutoCloseable {

    private static final String ADMIN = "admin@provider.example";
    private static final String PASSWORD = "correct horse battery staple";

    public final Path directory;
    public final int httpPort = freePort();
    public final int edgePort = freePort();
    private final Path vendorKey;
    private final Path licence;
    private Launched app;
    private Api provider;

    /** @param instances how many seats the MSSP licence has */
    public Installation(int instances) throws IOException {
        directory = Files.createTempDirectory("garrison-acceptance");
        var made = Launched.run(directory, "license", "new-key", "--out", directory.toString());
        assertThat(made.status()).as(made.err()).isZero();
        vendorKey = directory.resolve("vendor.pub");
        licence = directory.resolve("mssp.lic");
        var issued = Launched.run(
                directory,
                ("license issue-mssp --key %s --name Acceptance --instances %d --throughput-bps 100000000000"
                                + " --virtual-services 100 --features waf,ddos --days 30 --out %s")
                        .formatted(directory.resolve("vendor.key"), instances, licence)
                        .split(" "));
        assertThat(issued.status()).as(issued.err()).isZero();
        Files.writeString(directory.resolve("password"), PASSWORD);
        start(Map.of());
    }

    /** Starts the application and signs the administrator in. */
    public void start(Map<String, String> environment) {
        var all = new java.util.HashMap<>(environment);
        all.put("GARRISON_ADMIN_EMAIL", ADMIN);
        all.put("GARRISON_ADMIN_PASSWORD_FILE", directory.resolve("password").toString());
        app = Launched.foreground(
                directory.resolve("up.log"),
                all,
                "up",
                "--data",
                directory.resolve("data").toString(),
                "--http-port",
                "" + httpPort,
                "--edge-port",
                "" + edgePort,
                "--vendor-key",
                vendorKey.toString());
        provider = Api.anonymous("http://127.0.0.1:" + httpPort).signIn(ADMIN, PASSWORD);
    }

    public void start() {
        start(Map.of());
    }

    /** Kills the application as the kernel's out-of-memory killer would. */
    public void kill() {
        app.kill();
    }

    public void stop() {
        app.stop();
    }

    public ProcessHandle process() {
        return app.process.toHandle();
    }

    /** As the platform administrator. */
    public Api provider() {
        return provider;
    }

    public String loadLicence() {
        try {
            return provider.postJose("/api/v1/licenses", Files.readString(licence))
                    .expect(201)
                    .id();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The installation's own server of that kind. */
    public ProcessHandle server(String commandPart) {
        return process()
                .descendants()
                .filter(process -> process.info()
                        .commandLine()
                        .or(() -> process.info().command())
                        .filter(line -> line.contains(commandPart))
                        .isPresent())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no child process with " + commandPart));
    }

    /** What an installation of the customer's own starts from: the file of a sub-licence for its mode. */
    public Path fileFor(String name, String mode, String licenceId, int instances) {
        var path = "/api/v1/tenants/" + tenant(name, mode);
        var sub = subLicence(path, licenceId, instances);
        var file = provider.get(path + "/sub-licenses/" + sub + "/file").expect(200);
        try {
            return Files.writeString(directory.resolve(name + ".lic"), file.text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path vendorKey() {
        return vendorKey;
    }

    /** A tenant with a sub-licence, a stack, and a credential of its own. */
    public Customer customer(String name, String licenceId, int instances) {
        var tenant = tenant(name, "CLUSTER");
        var path = "/api/v1/tenants/" + tenant;
        var sub = subLicence(path, licenceId, instances);
        var stack = provider.post(
                        path + "/stacks",
                        Map.of("name", name + "-stack", "subLicenseId", sub, "trafficMode", "ACTIVE_ACTIVE"))
                .expect(201);
        var key = provider.post(path + "/api-keys", Map.of("name", name, "role", "TENANT_ADMIN", "expiresInDays", 1))
                .expect(201);
        return new Customer(
                tenant, sub, stack.id(), provider.with(key.body().path("key").asString()));
    }

    private String tenant(String name, String mode) {
        return provider.post(
                        "/api/v1/tenants",
                        Map.of(
                                "name",
                                "Customer " + name,
                                "slug",
                                name,
                                "mode",
                                mode,
                                "contactEmail",
                                name + "@customer.example",
                                "timeZone",
                                "Europe/Berlin"))
                .expect(201)
                .id();
    }

    private String subLicence(String path, String licenceId, int instances) {
        var from = Instant.now().minus(Duration.ofMinutes(1));
        return provider.post(
                        path + "/sub-licenses",
                        Map.of(
                                "licenseId",
                                licenceId,
                                "validFrom",
                                from.toString(),
                                "validUntil",
                                from.plus(Duration.ofDays(20)).toString(),
                                "graceDays",
                                5,
                                "entitlements",
                                List.of(
                                        Map.of("metric", "instances", "limit", instances, "overage", "DENY"),
                                        Map.of("metric", "throughputBps", "limit", 100_000_000, "overage", "DENY"),
                                        Map.of("metric", "virtualServices", "limit", 5, "overage", "DENY"))))
                .expect(201)
                .id();
    }

    public void publish(Customer customer, Map<String, Object> policy, String comment) {
        edit(customer, policy);
        publish(customer, comment);
    }

    /** Changes the draft only. */
    public void edit(Customer customer, Map<String, Object> policy) {
        var draft = customer.api().get(customer.stackPath() + "/policy").expect(200);
        customer.api()
                .put(customer.stackPath() + "/policy", policy, draft.header("ETag"))
                .expect(200);
    }

    /** Publishes the draft as it is. */
    public void publish(Customer customer, String comment) {
        customer.api()
                .post(customer.stackPath() + "/revisions", Map.of("comment", comment))
                .expect(201);
    }

    public Api.Answer token(Customer customer, int uses) {
        return customer.api()
                .post(customer.stackPath() + "/enrollment-tokens", Map.of("ttlMinutes", 30, "uses", uses))
                .expect(201);
    }

    public static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        app.close();
    }

    /** @param api with a credential of the tenant's own */
    public record Customer(String id, String subLicence, String stack, Api api) {
        public String path() {
            return "/api/v1/tenants/" + id;
        }

        public String stackPath() {
            return path() + "/stacks/" + stack;
        }
    }
}
