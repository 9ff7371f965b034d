package io.garrison.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Builds three customers through the API where they are missing, starts their edges, and lets visitors in. */
final class DemoScenario implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DemoScenario.class);
    private static final int FIRST_PORT = 18_081;
    private static final Duration IN_SYNC_LIMIT = Duration.ofSeconds(60);

    private final DemoWorld world;
    private final String console;
    private final DemoBackends backends = new DemoBackends();
    private final DemoTraffic traffic = new DemoTraffic();
    private final List<DemoEdge> edges = new ArrayList<>();

    DemoScenario(DemoWorld world, String console) {
        this.world = world;
        this.console = console;
    }

    /** @return what the DEMO line tells */
    Map<String, Object> play() throws IOException, InterruptedException {
        var api = DemoApi.anonymous(console).signIn(DemoWorld.ADMIN, world.password(DemoWorld.ADMIN));
        var licence = licence(api);
        var tenants = new ArrayList<Map<String, Object>>();
        var accounts = new ArrayList<Map<String, Object>>();
        accounts.add(Map.of(
                "email", DemoWorld.ADMIN, "password", world.password(DemoWorld.ADMIN), "role", "PLATFORM_ADMIN"));
        var customers = DemoCustomer.all(FIRST_PORT);
        for (var customer : customers) {
            tenants.add(bring(api, customer, licence));
            accounts.add(Map.of(
                    "email", customer.email(),
                    "password", world.password(customer.email()),
                    "role", "TENANT_ADMIN",
                    "tenant", customer.slug()));
        }
        customers.forEach(customer -> traffic.start(customer.targets()));
        var told = new LinkedHashMap<String, Object>();
        told.put("console", console);
        told.put("accounts", accounts);
        told.put("tenants", tenants);
        return told;
    }

    private String licence(DemoApi api) throws IOException, InterruptedException {
        var loaded = api.get("/api/v1/licenses").body().path("items");
        return loaded.isEmpty()
                ? api.postText("/api/v1/licenses", Files.readString(world.licence()), "application/jose")
                        .id()
                : loaded.path(0).path("id").asString();
    }

    private Map<String, Object> bring(DemoApi api, DemoCustomer customer, String licence)
            throws IOException, InterruptedException {
        var known = find(api.get("/api/v1/tenants?limit=500").body(), "slug", customer.slug());
        var tenant =
                known == null ? createTenant(api, customer) : known.path("id").asString();
        var path = "/api/v1/tenants/" + tenant;
        var stacks = api.get(path + "/stacks").body().path("items");
        var stack = stacks.isEmpty()
                ? createStack(api, customer, path, licence)
                : stacks.path(0).path("id").asString();
        publish(api, path + "/stacks/" + stack, customer);
        startEdges(api, path + "/stacks/" + stack, customer);
        awaitInSync(api, path + "/stacks/" + stack, customer);
        var services = new ArrayList<Map<String, Object>>();
        customer.targets()
                .forEach(target -> services.add(Map.of(
                        "address",
                        target.address(),
                        "port",
                        target.port(),
                        "protocol",
                        target.http() ? "HTTP" : "TCP")));
        return Map.of(
                "id",
                tenant,
                "slug",
                customer.slug(),
                "name",
                customer.name(),
                "mode",
                customer.mode(),
                "stack",
                stack,
                "virtualServices",
                services);
    }

    private String createTenant(DemoApi api, DemoCustomer customer) throws IOException, InterruptedException {
        var tenant = api.post(
                        "/api/v1/tenants",
                        Map.of(
                                "name", customer.name(),
                                "slug", customer.slug(),
                                "mode", customer.mode(),
                                "contactEmail", customer.email(),
                                "timeZone", "Europe/Berlin"))
                .id();
        var invited = api.post(
                        "/api/v1/tenants/" + tenant + "/members",
                        Map.of("email", customer.email(), "role", "TENANT_ADMIN"))
                .body();
        DemoApi.anonymous(console)
                .post(
                        "/api/v1/invitations/accept",
                        Map.of("token", invitation(invited), "password", world.password(customer.email())));
        return tenant;
    }

    private static String invitation(JsonNode invited) {
        var token = invited.path("token");
        return token.isString()
                ? token.asString()
                : invited.path("invitation").path("token").asString();
    }

    private static String createStack(DemoApi api, DemoCustomer customer, String path, String licence)
            throws IOException, InterruptedException {
        var from = Instant.now().minusSeconds(60);
        var subLicence = api.post(
                        path + "/sub-licenses",
                        Map.of(
                                "licenseId",
                                licence,
                                "validFrom",
                                from.toString(),
                                "validUntil",
                                from.plus(Duration.ofDays(300)).toString(),
                                "graceDays",
                                14,
                                "entitlements",
                                List.of(
                                        Map.of("metric", "instances", "limit", 4, "overage", "DENY"),
                                        Map.of("metric", "throughputBps", "limit", 500_000_000, "overage", "DENY"),
                                        Map.of("metric", "virtualServices", "limit", 10, "overage", "DENY"))))
                .id();
        return api.post(
                        path + "/stacks",
                        Map.of(
                                "name",
                                customer.slug() + "-edge",
                                "subLicenseId",
                                subLicence,
                                "trafficMode",
                                "ACTIVE_ACTIVE"))
                .id();
    }

    /** Back ends listen on other ports after each start, so each start publishes. */
    private void publish(DemoApi api, String stack, DemoCustomer customer) throws IOException, InterruptedException {
        var draft = api.get(stack + "/policy");
        api.put(stack + "/policy", customer.policy(backends), draft.etag());
        api.post(stack + "/revisions", Map.of("comment", "Demonstration start"));
    }

    private void startEdges(DemoApi api, String stack, DemoCustomer customer) throws IOException, InterruptedException {
        Files.createDirectories(world.edges());
        for (var address : customer.edges()) {
            Path state = world.edges().resolve(customer.slug() + "-" + address.substring(address.lastIndexOf('.') + 1));
            if (!Files.exists(state.resolve("identity.json")) && !Files.isDirectory(state)) {
                var token = api.post(stack + "/enrollment-tokens", Map.of("ttlMinutes", 10, "uses", 1));
                DemoEdge.join(
                        state,
                        token.body().path("command").asString(),
                        address,
                        customer.slug() + "-" + (customer.edges().indexOf(address) + 1));
            }
            edges.add(DemoEdge.run(state));
        }
    }

    private static void awaitInSync(DemoApi api, String stack, DemoCustomer customer)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + IN_SYNC_LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            int inSync = 0;
            for (var instance : api.get(stack + "/instances").body().path("items")) {
                inSync += instance.path("syncState").asString().equals("IN_SYNC") ? 1 : 0;
            }
            if (inSync >= customer.edges().size()) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        log.warn("The edges of {} are not in sync after {}", customer.slug(), IN_SYNC_LIMIT);
    }

    private static @Nullable JsonNode find(JsonNode list, String field, String value) {
        for (var item : list.path("items")) {
            if (item.path(field).asString().equals(value)) {
                return item;
            }
        }
        return null;
    }

    @Override
    public void close() {
        traffic.close();
        for (var edge : edges) {
            try {
                edge.stop();
            } catch (IOException e) {
                log.warn("An edge of the demonstration does not stop", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        backends.close();
    }
}
