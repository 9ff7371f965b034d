package io.garrison.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A customer's own installation: one sub-licence, one tenant, started by the command that is named after its mode. */
public final class OwnManagement implements AutoCloseable {

    private static final String ADMIN = "admin@customer.example";
    private static final String PASSWORD = "correct horse battery staple";

    public final Path directory;
    public final int httpPort = Installation.freePort();
    private final String mode;
    private final Path licence;
    private final Path vendorKey;
    private final int edgePort = Installation.freePort();
    private final Map<String, String> environment;
    private Launched app;
    private Api api;

    public OwnManagement(String mode, Path licence, Path vendorKey) throws IOException {
        this(mode, licence, vendorKey, Map.of());
    }

    public OwnManagement(String mode, Path licence, Path vendorKey, Map<String, String> environment)
            throws IOException {
        this.environment = environment;
        this.mode = mode;
        this.licence = licence;
        this.vendorKey = vendorKey;
        this.directory = Files.createTempDirectory("garrison-" + mode);
        Files.writeString(directory.resolve("password"), PASSWORD);
        start();
    }

    /** The same command line and environment each time. */
    public void start() {
        var all = new HashMap<>(environment);
        all.put("GARRISON_ADMIN_EMAIL", ADMIN);
        all.put("GARRISON_ADMIN_PASSWORD_FILE", directory.resolve("password").toString());
        app = Launched.foreground(log(), all, command(licence).toArray(String[]::new));
        api = Api.anonymous("http://127.0.0.1:" + httpPort).signIn(ADMIN, PASSWORD);
    }

    public void stop() {
        app.stop();
    }

    /** Starts with another file, which is expected to fail. */
    public Launched.Finished startWith(Path other) {
        return Launched.run(directory, command(other).toArray(String[]::new));
    }

    private List<String> command(Path file) {
        return new ArrayList<>(List.of(
                mode,
                "--license",
                file.toString(),
                "--vendor-key",
                vendorKey.toString(),
                "--data",
                data().toString(),
                "--http-port",
                "" + httpPort,
                "--edge-port",
                "" + edgePort));
    }

    public Path data() {
        return directory.resolve("data");
    }

    public Path log() {
        return directory.resolve("management.log");
    }

    public Api api() {
        return api;
    }

    /** The one tenant. */
    public String tenant() {
        var tenants = api.get("/api/v1/tenants").expect(200).body().path("items");
        assertThat(tenants.size()).as("%s", tenants).isEqualTo(1);
        return "/api/v1/tenants/" + tenants.path(0).path("id").asString();
    }

    public String tenantId() {
        return tenant().substring(tenant().lastIndexOf('/') + 1);
    }

    public String subLicence() {
        return api.get(tenant() + "/sub-licenses")
                .expect(200)
                .body()
                .path("items")
                .path(0)
                .path("id")
                .asString();
    }

    public String stack() {
        var stacks = api.get(tenant() + "/stacks").expect(200).body().path("items");
        return stacks.isEmpty()
                ? api.post(
                                tenant() + "/stacks",
                                Map.of("name", "own", "subLicenseId", subLicence(), "trafficMode", "ACTIVE_ACTIVE"))
                        .expect(201)
                        .id()
                : stacks.path(0).path("id").asString();
    }

    /** By which one machine may join the stack. */
    public JsonNode token() {
        return api.post(tenant() + "/stacks/" + stack() + "/enrollment-tokens", Map.of("ttlMinutes", 30, "uses", 1))
                .expect(201)
                .body();
    }

    public void publish(Map<String, Object> policy, String comment) {
        var path = tenant() + "/stacks/" + stack();
        var draft = api.get(path + "/policy").expect(200);
        api.put(path + "/policy", policy, draft.header("ETag")).expect(200);
        api.post(path + "/revisions", Map.of("comment", comment)).expect(201);
    }

    /** Waits until the one instance runs a revision, and returns it. */
    public JsonNode awaitInSync(long revision) {
        var found = new JsonNode[1];
        Await.until("in sync at " + revision, Duration.ofSeconds(120), () -> {
            var instances = api.get(tenant() + "/instances").expect(200).body().path("items");
            assertThat(instances.size()).as("%s", instances).isEqualTo(1);
            found[0] = instances.path(0);
            assertThat(found[0].path("syncState").asString()).isEqualTo("IN_SYNC");
            assertThat(found[0].path("appliedRevision").asLong()).isEqualTo(revision);
            return true;
        });
        return found[0];
    }

    @Override
    public void close() {
        if (app != null) {
            app.close();
        }
        // A stopped agent leaves the data plane running; the test's machine is to be left as it was.
        ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .or(() -> process.info().command())
                        .filter(line -> line.contains(data().toString()))
                        .isPresent())
                .forEach(ProcessHandle::destroyForcibly);
    }
}
