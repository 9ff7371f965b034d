package io.garrison.guards;

import io.garrison.tenancy.FirstAdministrator;
import io.garrison.testing.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A tenant with one of everything that a path can name, and a stranger: the administrator of another tenant. */
public final class TwoTenants {

    private static final String PASSWORD = "correct horse battery";
    private static final JsonMapper JSON = new JsonMapper();

    /** Every place in a path where an object is named. A place that is not here fails the build. */
    private static final Set<String> PLACES = Set.of(
            "members/{id}",
            "api-keys/{id}",
            "stacks/{s}",
            "instances/{i}",
            "revisions/{n}",
            "revisions/{a}",
            "diff/{b}",
            "certificates/{name}",
            "enrollment-tokens/{id}",
            "sub-licenses/{id}",
            "notices/{id}",
            "sites/{id}",
            "drills/{drill}",
            "transfers/{transfer}",
            "resellers/{r}",
            "allotments/{a}",
            "report-runs/{id}",
            "report-definitions/{id}");

    /** Places whose fixture is a real object of the tenant, made through the API or as a row. */
    private static final Set<String> REAL = Set.of("members/{id}", "api-keys/{id}", "stacks/{s}", "instances/{i}");

    private final String base;
    private final HttpClient http;
    private final Map<String, String> own = new HashMap<>();
    private final Map<String, String> unknown = new HashMap<>();
    private String providersToken = "";
    private String ownersToken = "";
    private String strangersToken = "";
    private UUID tenant = new UUID(0, 0);
    private UUID strangersTenant = new UUID(0, 0);

    private TwoTenants(String base, HttpClient http) {
        this.base = base;
        this.http = http;
    }

    public static TwoTenants make(String base, FirstAdministrator first) throws Exception {
        var email = "boss@provider.example";
        if (first.needed()) {
            first.create(email, PASSWORD);
        }
        try (var http = HttpClient.newHttpClient()) {
            var world = new TwoTenants(base, http);
            world.providersToken = world.signIn(email);
            world.fill();
            return world;
        }
    }

    private void fill() throws Exception {
        tenant = makeTenant();
        ownersToken = administrator(tenant);
        strangersTenant = makeTenant();
        strangersToken = administrator(strangersTenant);
        var path = "/api/v1/tenants/" + tenant;
        own.put(
                "members/{id}",
                post(path + "/members", Map.of("email", anyEmail(), "role", "TENANT_VIEWER"), ownersToken)
                        .path("id")
                        .asString());
        own.put(
                "api-keys/{id}",
                post(path + "/api-keys", Map.of("name", "ci", "role", "TENANT_VIEWER"), ownersToken)
                        .path("id")
                        .asString());
        insertStackAndInstance();
        PLACES.forEach(place -> own.putIfAbsent(place, anyName(place)));
        PLACES.forEach(place -> unknown.put(place, anyName(place)));
    }

    private void insertStackAndInstance() throws SQLException {
        var stack = UUID.randomUUID();
        var instance = UUID.randomUUID();
        try (var connection = superuser();
                var statement = connection.createStatement()) {
            statement.execute("""
                    insert into instances.stack
                        (tenant_id, id, name, sub_license_id, traffic_mode, incarnation, created_at)
                    values ('%s', '%s', 'shop', '%s', 'ACTIVE_ACTIVE', '%s', now())""".formatted(tenant, stack, UUID.randomUUID(), UUID.randomUUID()));
            statement.execute("""
                    insert into instances.instance (tenant_id, id, stack_id, name, lifecycle, lifecycle_since, facts,
                        enrolled_at, certificate_until)
                    values ('%s', '%s', '%s', 'edge-1', 'ENROLLED', now(),
                        '{"hostname":"edge-1","agentVersion":"1","haproxyVersion":"3","os":"linux"}', now(), now())""".formatted(tenant, instance, stack));
        }
        own.put("stacks/{s}", stack.toString());
        own.put("instances/{i}", instance.toString());
    }

    private static String anyName(String place) {
        return switch (place) {
            case "revisions/{n}", "revisions/{a}", "diff/{b}" -> "1";
            case "certificates/{name}" -> "shop-example";
            case "report-definitions/{id}" -> "usage-monthly";
            default -> UUID.randomUUID().toString();
        };
    }

    /** Places of these endpoints that have no fixture. */
    public static Set<String> missing(List<Endpoint> endpoints) {
        var missing = new TreeSet<String>();
        for (var endpoint : endpoints) {
            if (!endpoint.pattern().startsWith(Endpoint.TENANT)) {
                missing.add(endpoint + " does not name its tenant {t}");
            }
            endpoint.variables().stream()
                    .map(endpoint::place)
                    .filter(place -> !PLACES.contains(place))
                    .forEach(place -> missing.add(endpoint + " has no fixture for " + place));
        }
        return missing;
    }

    /** Whether the endpoint shows an object that the tenant really has. */
    public boolean isReal(Endpoint endpoint) {
        return endpoint.pattern().endsWith("}")
                && endpoint.variables().stream().map(endpoint::place).allMatch(REAL::contains);
    }

    public String path(Endpoint endpoint, Map<String, String> objects) {
        return path(endpoint, tenant, objects);
    }

    /** The same with another name in one place. */
    public String path(Endpoint endpoint, Map<String, String> objects, String variable, String name) {
        var other = new HashMap<>(objects);
        other.put(endpoint.place(variable), name);
        return path(endpoint, other);
    }

    /** The same endpoint below the stranger's own tenant. */
    public String strangersPath(Endpoint endpoint, Map<String, String> objects) {
        return path(endpoint, strangersTenant, objects);
    }

    private static String path(Endpoint endpoint, UUID tenant, Map<String, String> objects) {
        var path = endpoint.pattern().replace("{t}", tenant.toString());
        for (var variable : endpoint.variables()) {
            path = path.replace(
                    "{" + variable + "}",
                    objects.getOrDefault(endpoint.place(variable), anyName(endpoint.place(variable))));
        }
        return path;
    }

    /** Everything of the tenant's in every table that has tenants. */
    public Map<String, String> fingerprint() throws SQLException {
        var result = new HashMap<String, String>();
        try (var connection = superuser();
                var statement = connection.createStatement()) {
            for (var table : tenantTables(connection)) {
                try (var rows = statement.executeQuery(
                        "select coalesce(md5(string_agg(x::text, '' order by x::text)), '') from " + table
                                + " x where tenant_id = '" + tenant + "'")) {
                    rows.next();
                    result.put(table, rows.getString(1));
                }
            }
        }
        return result;
    }

    private static List<String> tenantTables(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' where c.relkind = 'r'""")) {
            var tables = new ArrayList<String>();
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
            return tables;
        }
    }

    private UUID makeTenant() throws Exception {
        var made = post(
                "/api/v1/tenants",
                Map.of(
                        "name", "Acme",
                        "slug", "t" + UUID.randomUUID().toString().substring(0, 8),
                        "mode", "CLUSTER",
                        "contactEmail", "it@acme.example",
                        "timeZone", "Europe/Berlin"),
                providersToken);
        return UUID.fromString(made.path("id").asString());
    }

    private String administrator(UUID tenant) throws Exception {
        var email = anyEmail();
        var invited = post(
                "/api/v1/tenants/" + tenant + "/members",
                Map.of("email", email, "role", "TENANT_ADMIN"),
                providersToken);
        post(
                "/api/v1/invitations/accept",
                Map.of("token", invited.path("invitation").path("token").asString(), "password", PASSWORD),
                "");
        return signIn(email);
    }

    private String signIn(String email) throws Exception {
        return post("/api/v1/auth/token", Map.of("username", email, "password", PASSWORD), "")
                .path("token")
                .asString();
    }

    private JsonNode post(String path, Object body, String token) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        var response = http.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IllegalStateException(path + " answered " + response.statusCode() + " " + response.body());
        }
        return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
    }

    private static String anyEmail() {
        return "p" + UUID.randomUUID().toString().substring(0, 8) + "@example.com";
    }

    private static Connection superuser() throws SQLException {
        var postgres = TestPostgres.shared();
        return DriverManager.getConnection(
                postgres.url(), "postgres", postgres.passwords().superuser());
    }

    public Map<String, String> own() {
        return own;
    }

    public Map<String, String> unknown() {
        return unknown;
    }

    public UUID tenant() {
        return tenant;
    }

    public String ownersToken() {
        return ownersToken;
    }

    public String strangersToken() {
        return strangersToken;
    }

    public String providersToken() {
        return providersToken;
    }
}
