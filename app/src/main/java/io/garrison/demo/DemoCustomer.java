package io.garrison.demo;

import io.garrison.demo.DemoTraffic.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One customer of the demonstration.
 *
 * @param host name that its visitors ask for
 * @param edges the loopback addresses of its instances, one each
 * @param services name to port; {@code echo} is a TCP service, all others speak HTTP
 */
record DemoCustomer(
        String name, String slug, String mode, String host, List<String> edges, Map<String, Integer> services) {

    static List<DemoCustomer> all(int firstPort) {
        return List.of(
                new DemoCustomer(
                        "Harbour Books",
                        "harbour-books",
                        "CLUSTER",
                        "books.example",
                        List.of("127.0.0.11", "127.0.0.12"),
                        services("shop", firstPort, "status", firstPort + 1)),
                new DemoCustomer(
                        "Lumen Clinic",
                        "lumen-clinic",
                        "CENTRALIZED",
                        "clinic.example",
                        List.of("127.0.0.13"),
                        services("portal", firstPort + 2, "echo", firstPort + 3)),
                new DemoCustomer(
                        "Pixel Forge",
                        "pixel-forge",
                        "PRIVATE_CLOUD",
                        "forge.example",
                        List.of("127.0.0.14"),
                        services("play", firstPort + 4)));
    }

    String email() {
        return "owner@" + host;
    }

    /** What its virtual services look like to visitors. */
    List<Target> targets() {
        var targets = new ArrayList<Target>();
        for (var address : edges) {
            services.forEach((service, port) -> targets.add(new Target(address, port, host, !service.equals("echo"))));
        }
        return targets;
    }

    /** Its policy document: every service has a pool of two members. */
    Map<String, Object> policy(DemoBackends backends) throws java.io.IOException {
        var virtualServices = new ArrayList<Map<String, Object>>();
        var pools = new ArrayList<Map<String, Object>>();
        for (var entry : services.entrySet()) {
            boolean http = !entry.getKey().equals("echo");
            var service = new LinkedHashMap<String, Object>();
            service.put("name", entry.getKey());
            service.put("address", "127.0.0.1");
            service.put("port", entry.getValue());
            service.put("protocol", http ? "HTTP" : "TCP");
            service.put("pool", entry.getKey() + "-web");
            service.put("accessList", Map.of("deny", List.of(DemoTraffic.DENIED_NETWORK), "allow", List.of()));
            if (http) {
                service.put("rateLimit", Map.of("requestsPerSecond", 20, "by", "CLIENT_ADDRESS"));
                service.put(
                        "routes",
                        List.of(Map.of("when", Map.of("pathPrefix", "/api"), "pool", entry.getKey() + "-api")));
                pools.add(pool(entry.getKey() + "-api", backends.http("api"), backends.http("api"), true));
            }
            pools.add(
                    http
                            ? pool(entry.getKey() + "-web", backends.http("web"), backends.http("web"), true)
                            : pool(entry.getKey() + "-web", backends.echo(), backends.echo(), false));
            virtualServices.add(service);
        }
        return Map.of("virtualServices", virtualServices, "pools", pools);
    }

    private static Map<String, Object> pool(String name, int firstPort, int secondPort, boolean http) {
        return Map.of(
                "name",
                name,
                "algorithm",
                "ROUND_ROBIN",
                "members",
                List.of(
                        Map.of("address", "127.0.0.1", "port", firstPort),
                        Map.of("address", "127.0.0.1", "port", secondPort)),
                "healthMonitor",
                http
                        ? Map.of("type", "HTTP", "path", "/health", "expectStatus", "204")
                        : Map.of("type", "TCP", "intervalMs", 5_000));
    }

    private static Map<String, Integer> services(Object... namesAndPorts) {
        var services = new LinkedHashMap<String, Integer>();
        for (int i = 0; i < namesAndPorts.length; i += 2) {
            services.put((String) namesAndPorts[i], (Integer) namesAndPorts[i + 1]);
        }
        return services;
    }
}
