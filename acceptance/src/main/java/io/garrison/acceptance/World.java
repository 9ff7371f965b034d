package io.garrison.acceptance;

import io.garrison.acceptance.ProviderStaff.Customer;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * One installation with two tenants and three instances: alpha's stack has two, beta's has one. Built through the
 * documented commands and the documented API only.
 */
public final class World implements AutoCloseable {

    public final Installation installation;
    public final CountingBackend web = CountingBackend.http("web");
    public final CountingBackend api = CountingBackend.http("api");
    public final CountingBackend echo = CountingBackend.echo("echo");
    public final CountingBackend betaWeb = CountingBackend.http("beta-web");
    public final int shopPort = Installation.freePort();
    public final int echoPort = Installation.freePort();
    public final int betaPort = Installation.freePort();
    public final Customer alpha;
    public final Customer beta;
    public final Edge alphaFirst;
    public final Edge alphaSecond;
    public final Edge betaOnly;

    public World() throws IOException {
        installation = new Installation(5);
        var licence = installation.loadLicence();
        alpha = installation.staff().customer("alpha", licence, 2);
        beta = installation.staff().customer("beta", licence, 1);
        installation.staff().publish(alpha, alphaPolicy(), "first");
        installation.staff().publish(beta, betaPolicy(), "first");
        alphaFirst = edge("alpha-1", alpha, "127.0.0.21");
        alphaSecond = edge("alpha-2", alpha, "127.0.0.22");
        betaOnly = edge("beta-1", beta, "127.0.0.23");
        ProviderStaff.awaitInSync(alpha, 2, 1);
        ProviderStaff.awaitInSync(beta, 1, 1);
    }

    public Api provider() {
        return installation.provider();
    }

    private Edge edge(String name, Customer customer, String address) {
        return Edge.join(
                        installation.directory,
                        name,
                        installation.staff().token(customer, 1).body(),
                        address)
                .run();
    }

    public Map<String, Object> alphaPolicy() {
        return Map.of(
                "virtualServices",
                List.of(
                        Map.of(
                                "name", "shop",
                                "address", "127.0.0.1",
                                "port", shopPort,
                                "protocol", "HTTP",
                                "pool", "web",
                                "routes", List.of(Map.of("when", Map.of("pathPrefix", "/api"), "pool", "api"))),
                        Map.of(
                                "name", "echo",
                                "address", "127.0.0.1",
                                "port", echoPort,
                                "protocol", "TCP",
                                "pool", "echo")),
                "pools",
                List.of(pool("web", web, "HTTP"), pool("api", api, "HTTP"), pool("echo", echo, "NONE")));
    }

    public Map<String, Object> betaPolicy() {
        return Map.of(
                "virtualServices",
                List.of(Map.of(
                        "name", "canary-beta-site",
                        "address", "127.0.0.1",
                        "port", betaPort,
                        "protocol", "HTTP",
                        "pool", "canary-beta-pool")),
                "pools",
                List.of(pool("canary-beta-pool", betaWeb, "HTTP")));
    }

    private static Map<String, Object> pool(String name, CountingBackend backend, String monitor) {
        var members = List.of(Map.of("address", "127.0.0.1", "port", backend.port()));
        return monitor.equals("NONE")
                ? Map.of("name", name, "members", members)
                : Map.of(
                        "name",
                        name,
                        "members",
                        members,
                        "healthMonitor",
                        Map.of("type", "HTTP", "path", "/health", "expectStatus", "200"));
    }

    @Override
    public void close() {
        for (var each :
                new AutoCloseable[] {alphaFirst, alphaSecond, betaOnly, installation, web, api, echo, betaWeb}) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
