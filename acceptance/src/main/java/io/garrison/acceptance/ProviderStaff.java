package io.garrison.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the provider's staff does with an installation, by the documented API: sell, set up, publish. */
public final class ProviderStaff {

    public static final String ADMIN = "admin@provider.example";
    public static final String PASSWORD = "correct horse battery staple";

    private final Api provider;

    private ProviderStaff(Api provider) {
        this.provider = provider;
    }

    /** As the platform administrator, whom the installation's first start made. */
    public static ProviderStaff of(int httpPort) {
        return new ProviderStaff(Api.anonymous("http://127.0.0.1:" + httpPort).signIn(ADMIN, PASSWORD));
    }

    /** By which the first start makes the platform administrator. */
    public static Map<String, String> firstAdministrator(Path directory) {
        try {
            var password = Files.writeString(directory.resolve("password"), PASSWORD);
            return Map.of("GARRISON_ADMIN_EMAIL", ADMIN, "GARRISON_ADMIN_PASSWORD_FILE", password.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Api api() {
        return provider;
    }

    public String loadLicence(Path licence) {
        try {
            return provider.postJose("/api/v1/licenses", Files.readString(licence))
                    .expect(201)
                    .id();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What an installation of the customer's own starts from: the file of a sub-licence for its mode. */
    public Path fileFor(String name, String mode, String licenceId, int instances, Path directory) {
        return file("/api/v1/tenants/" + tenant(name, mode), name, licenceId, instances, directory);
    }

    /** Gives a customer another mode, and what an installation in that mode starts from. */
    public Path moves(Customer customer, String mode, String licenceId, Path directory) {
        var tenant = provider.get(customer.path()).expect(200);
        provider.send(
                        "PATCH",
                        customer.path(),
                        Api.JSON.writeValueAsBytes(Map.of("mode", mode)),
                        "application/json",
                        Map.of("If-Match", tenant.header("ETag")))
                .expect(200);
        return file(customer.path(), tenant.body().path("slug").asString(), licenceId, 1, directory);
    }

    private Path file(String path, String name, String licenceId, int instances, Path directory) {
        var sub = subLicence(path, licenceId, instances);
        var file = provider.get(path + "/sub-licenses/" + sub + "/file").expect(200);
        try {
            return Files.writeString(directory.resolve(name + ".lic"), file.text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    /** Takes all instances of a customer away for good, whether they run or not. */
    public static void decommissionAll(Customer customer) {
        var path = customer.path() + "/instances";
        for (var instance : customer.api().get(path).expect(200).body().path("items")) {
            if (!instance.path("lifecycleState").asString().equals("RETIRED")) {
                customer.api()
                        .post(path + "/" + instance.path("id").asString() + "/decommission?force=true", Map.of())
                        .expect(200);
            }
        }
    }

    public static void awaitInSync(Customer customer, int count, long revision) {
        Await.until(customer.stack() + " in sync at " + revision, Duration.ofSeconds(60), () -> {
            var instances = customer.api()
                    .get(customer.stackPath() + "/instances")
                    .expect(200)
                    .body()
                    .path("items");
            int good = 0;
            for (var instance : instances) {
                if (instance.path("syncState").asString().equals("IN_SYNC")
                        && instance.path("appliedRevision").asLong() == revision) {
                    good++;
                }
            }
            assertThat(good).as("%s", instances).isEqualTo(count);
            return true;
        });
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
