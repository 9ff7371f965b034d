package io.garrison.guards;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.method.HandlerMethod;

/** A body that is accepted, for each endpoint that takes one. An endpoint that is not here fails the build. */
public final class Examples {

    private static final String PASSWORD = "correct horse battery";
    private static final String POLICY = """
            {"virtualServices":[{"name":"shop","address":"192.0.2.7","port":18081,"protocol":"HTTP","enabled":true,
              "pool":"web","accessList":{"deny":["203.0.113.0/24"],"allow":[]},
              "rateLimit":{"requestsPerSecond":100,"by":"CLIENT_ADDRESS"},"maxConnections":10000}],
             "pools":[{"name":"web","algorithm":"ROUND_ROBIN",
              "members":[{"address":"192.0.2.8","port":19001,"weight":1,"enabled":true}]}]}""";

    /** Explained exceptions from the rule that what changes or deletes asks for If-Match. */
    private static final Set<String> WITHOUT_VERSION = Set.of(
            // A token never changes, and to revoke it twice does no harm.
            "DELETE /api/v1/tenants/{t}/stacks/{s}/enrollment-tokens/{id}",
            // A rehearsal is taken back or not; there is nothing of it to change.
            "DELETE /api/v1/tenants/{t}/stacks/{s}/drills/{drill}");

    private Examples() {}

    /** @return none for an endpoint that takes no body */
    public static @Nullable String of(Endpoint endpoint) {
        return all().get(endpoint.toString());
    }

    /** Whether the endpoint keeps or judges a document that breaks rules, so that only its form is refused. */
    public static boolean takesDrafts(Endpoint endpoint) {
        return endpoint.pattern().contains("/policy");
    }

    /** Whether the body is a signed file, of which there is no example that is accepted everywhere. */
    public static boolean takesFiles(Endpoint endpoint) {
        return Set.of(
                        "POST /api/v1/licenses",
                        "POST /api/v1/sub-licenses",
                        "POST /api/v1/usage-files",
                        Endpoint.TENANT_POST + "/instances/{i}/lease-receipts",
                        Endpoint.TENANT_POST + "/configuration/import",
                        Endpoint.TENANT_POST + "/configuration/import/preview")
                .contains(endpoint.toString());
    }

    /** How the body calls itself. */
    public static String contentType(Endpoint endpoint) {
        if (!takesFiles(endpoint)) {
            return "application/json";
        }
        return endpoint.pattern().contains("/configuration/import") ? "application/octet-stream" : "application/jose";
    }

    /** Whether what was seen must be told before it is changed. */
    public static boolean isVersioned(Endpoint endpoint) {
        return Set.of("PUT", "PATCH", "DELETE").contains(endpoint.method())
                && !WITHOUT_VERSION.contains(endpoint.toString());
    }

    /** Whether the endpoint does its work without a body as well. */
    public static boolean mayBeAbsent(Endpoint endpoint, HandlerMethod handler) {
        return endpoint.pattern().endsWith("/validate")
                || body(handler)
                        .map(parameter -> !parameter
                                .getParameterAnnotation(RequestBody.class)
                                .required())
                        .orElse(false);
    }

    /** What has to be added here, or to the endpoint, for it to be tested as all others are. */
    public static List<String> missing(Endpoint endpoint, HandlerMethod handler) {
        var missing = new ArrayList<String>();
        boolean raw = Arrays.stream(handler.getMethodParameters())
                .anyMatch(parameter -> parameter.getParameterType() == InputStream.class);
        var example = of(endpoint);
        var body = body(handler);
        if (example == null && !takesFiles(endpoint) && (raw || body.isPresent())) {
            missing.add(endpoint + " has no example of its body");
        }
        if (example != null && body.isPresent()) {
            BadInput.missingFields(body.get().getParameterType(), example)
                    .forEach(field -> missing.add(endpoint + " has no example of " + field));
        }
        boolean asks = Arrays.stream(handler.getMethodParameters())
                .anyMatch(parameter -> parameter.hasParameterAnnotation(RequestHeader.class));
        if (isVersioned(endpoint) && !asks) {
            missing.add(endpoint + " does not ask for If-Match");
        }
        return missing;
    }

    private static Optional<MethodParameter> body(HandlerMethod handler) {
        return Arrays.stream(handler.getMethodParameters())
                .filter(parameter -> parameter.hasParameterAnnotation(RequestBody.class))
                .findFirst();
    }

    private static Map<String, String> all() {
        var all = new HashMap<String, String>();
        var key = "{\"name\":\"ci\",\"role\":\"%s\",\"expiresInDays\":30}";
        var email = "p" + UUID.randomUUID().toString().substring(0, 8) + "@example.com";
        all.put("POST /api/v1/auth/token", "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(email, PASSWORD));
        all.put("POST /api/v1/invitations/accept", "{\"token\":\"none\",\"password\":\"%s\"}".formatted(PASSWORD));
        all.put("POST /api/v1/password-resets", "{\"token\":\"none\",\"password\":\"%s\"}".formatted(PASSWORD));
        all.put(
                "POST /api/v1/setup",
                "{\"token\":\"none\",\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, PASSWORD));
        all.put("POST /api/v1/api-keys", key.formatted("AUDITOR"));
        all.put(Endpoint.TENANT_POST + "/api-keys", key.formatted("TENANT_VIEWER"));
        all.put("POST /api/v1/members", "{\"email\":\"%s\",\"role\":\"AUDITOR\"}".formatted(email));
        all.put("PATCH /api/v1/members/{id}", "{\"role\":\"OPERATOR\"}");
        all.put(Endpoint.TENANT_POST + "/members", "{\"email\":\"%s\",\"role\":\"TENANT_VIEWER\"}".formatted(email));
        all.put("PATCH " + Endpoint.TENANT + "/members/{id}", "{\"role\":\"TENANT_EDITOR\"}");
        var tenant = """
                {"name":"Acme","slug":"s%s","mode":"CLUSTER","contactEmail":"it@acme.example",
                 "timeZone":"Europe/Berlin","resellerId":"%s"}""".formatted(UUID.randomUUID().toString().substring(0, 8), UUID.randomUUID());
        all.put("POST /api/v1/tenants", tenant);
        all.put(
                "PATCH " + Endpoint.TENANT,
                "{\"name\":\"Other\",\"mode\":\"CLUSTER\",\"contactEmail\":\"it@a.example\",\"timeZone\":\"UTC\"}");
        all.put("PUT " + Endpoint.TENANT + "/reseller", "{\"resellerId\":\"%s\"}".formatted(UUID.randomUUID()));
        all.put(
                "POST /api/v1/resellers",
                "{\"name\":\"North\",\"slug\":\"r%s\",\"contactEmail\":\"it@north.example\"}"
                        .formatted(UUID.randomUUID().toString().substring(0, 8)));
        all.put(
                "PATCH /api/v1/resellers/{r}",
                "{\"name\":\"South\",\"contactEmail\":\"it@south.example\",\"state\":\"SUSPENDED\"}");
        all.put(Endpoint.TENANT_POST + "/act-as", "{\"reason\":\"asked\",\"ticket\":\"T-1\",\"minutes\":5}");
        licensing(all);
        instances(all);
        reporting(all);
        return all;
    }

    private static void licensing(Map<String, String> all) {
        var lines = "\"entitlements\":[{\"metric\":\"instances\",\"limit\":3,\"overage\":\"DENY\"}]";
        var rule = "\"ifLeasesBreak\":\"DRAIN\",\"graceHours\":2,\"reason\":\"asked\"";
        var subLicense = Endpoint.TENANT_POST + "/sub-licenses/{id}";
        all.put(subLicense + "/resize", "{%s,%s}".formatted(lines, rule));
        all.put(subLicense + "/resize/preview", "{%s}".formatted(lines));
        all.put(
                subLicense + "/renew",
                "{\"validUntil\":\"2027-06-01T00:00:00Z\",\"graceDays\":3,\"reason\":\"asked\"}");
        all.put(subLicense + "/suspend", "{\"reason\":\"asked\"}");
        all.put(subLicense + "/resume", "{\"reason\":\"asked\"}");
        all.put(subLicense + "/revoke", "{%s}".formatted(rule));
        all.put(subLicense + "/transfer", """
                {"toTenantId":"%s","toSubLicenseId":"%s","entitlements":[{"metric":"instances","amount":1}],
                 "effectiveAt":"2027-01-01T00:00:00Z",%s}""".formatted(UUID.randomUUID(), UUID.randomUUID(), rule));
        all.put(
                Endpoint.TENANT_POST + "/sub-licenses/from-plan",
                "{\"planId\":\"%s\",\"licenseId\":\"%s\",\"validFrom\":\"2026-01-01T00:00:00Z\"}"
                        .formatted(UUID.randomUUID(), UUID.randomUUID()));
        var overcommit = "\"overcommit\":{\"instances\":1.25}";
        var portion = "\"entitlements\":[{\"metric\":\"instances\",\"limit\":3}],%s".formatted(overcommit);
        all.put("PUT /api/v1/licenses/{id}/overcommit", "{%s}".formatted(overcommit));
        all.put(
                "POST /api/v1/resellers/{r}/allotments",
                "{\"licenseId\":\"%s\",%s}".formatted(UUID.randomUUID(), portion));
        all.put("PUT /api/v1/resellers/{r}/allotments/{a}", "{%s}".formatted(portion));
        var plan = "{\"name\":\"small\",%s,\"graceDays\":7,\"termDays\":365}".formatted(lines);
        all.put("POST /api/v1/plans", plan);
        all.put("PUT /api/v1/plans/{id}", plan);
        all.put(Endpoint.TENANT_POST + "/sub-licenses", """
                {"licenseId":"%s","validFrom":"2026-01-01T00:00:00Z","validUntil":"2027-01-01T00:00:00Z",
                 "graceDays":7,"entitlements":[{"metric":"instances","limit":2,"overage":"DENY"}]}""".formatted(UUID.randomUUID()));
    }

    private static void instances(Map<String, String> all) {
        var stacks = Endpoint.TENANT_POST + "/stacks";
        all.put(
                stacks,
                "{\"name\":\"edge\",\"subLicenseId\":\"%s\",\"trafficMode\":\"MIXED\"}".formatted(UUID.randomUUID()));
        var own = """
                "primary":true,"peerRecoveryThreshold":2,"maximumFlaps":4,"flapWindowSeconds":300,"flapAction":"HOLD",
                "bandwidthMonitoring":true,"minimumBandwidthBps":2048,"bandwidthIntervalSeconds":20,
                "linkMonitoringIntervalMs":200,"minimumActiveLinkPairs":1,
                "linkPairs":[{"front":"eth0","back":"eth1"}],"declaredCapacityBps":1000000000""";
        var shared =
                "\"mode\":\"ACTIVE_PASSIVE\",\"port\":10101,\"peerCheckIntervalMs\":1000,\"peerFailureThreshold\":3,\"detectionMs\":3000";
        all.put("PUT " + Endpoint.TENANT + "/instances/{i}/ha", "{\"takePrimary\":true,%s,%s}".formatted(shared, own));
        all.put("PUT " + Endpoint.TENANT + "/stacks/{s}/ha", """
                {"trafficMode":"ACTIVE_PASSIVE",%s,"instances":[{"instanceId":"%s",%s}],
                 "routers":[{"name":"web","network":"lan","id":10,"device":"eth0","version":2,"password":"secret","passwordSet":true,
                  "addresses":[{"address":"192.0.2.10","prefixLength":24,"device":"eth0"}],"owner":"%s",
                  "gratuitousArpRepeat":5,"gratuitousArpRefreshSeconds":0}],
                 "mixed":{"http":"ACTIVE_PASSIVE","tcp":"ACTIVE_ACTIVE",
                  "services":[{"service":"shop","trafficMode":"ACTIVE_ACTIVE"}]}}""".formatted(
                        shared, UUID.randomUUID(), own, UUID.randomUUID()));
        all.put(
                stacks + "/{s}/drills",
                "{\"router\":\"web\",\"kind\":\"FAULT\",\"at\":\"2026-12-01T00:00:00Z\",\"holdSeconds\":20,\"consent\":true,\"reason\":\"asked\"}");
        all.put(Endpoint.TENANT_POST + "/instances/{i}/offline-lease", "{\"days\":30}");
        all.put(
                Endpoint.TENANT_POST + "/configuration/export",
                "{\"receiverKey\":\"MCowBQYDK2VuAyEApY3h0d/aBP31eKe4XguyIa5xqXfl34Ye4e0bSTlOxms=\",\"revisions\":9}");
        var sync = Endpoint.TENANT + "/configuration-sync";
        all.put("PUT " + sync, """
                {"enabled":true,"acceptRemote":true,"peerHost":"192.0.2.9","peerPort":9000,"listenPort":9000,
                 "authKey":"0123456789abcdef0123456789abcdef","timeoutSeconds":10,"scope":["POLICY"]}""");
        all.put(
                Endpoint.TENANT_POST + "/configuration-sync/resolve",
                "{\"stack\":\"edge\",\"keep\":\"MINE\",\"theirs\":\"%s\"}".formatted("0".repeat(64)));
        all.put("PATCH " + Endpoint.TENANT + "/stacks/{s}", "{\"name\":\"other\",\"retireLostAfterHours\":24}");
        all.put(stacks + "/{s}/enrollment-tokens", "{\"ttlMinutes\":30,\"uses\":2}");
        all.put(stacks + "/{s}/certificates", "{\"name\":\"shop\",\"pem\":\"none\"}");
        all.put("PUT " + Endpoint.TENANT + "/stacks/{s}/certificates/{name}", "{\"pem\":\"none\"}");
        all.put("PUT " + Endpoint.TENANT + "/stacks/{s}/policy", POLICY);
        all.put(stacks + "/{s}/policy/validate", POLICY);
        all.put(stacks + "/{s}/revisions", "{\"comment\":\"first\"}");
        all.put(stacks + "/{s}/revisions/{n}/rollback", "{\"comment\":\"back\"}");
    }

    private static void reporting(Map<String, String> all) {
        all.put(
                Endpoint.TENANT_POST + "/logs/search",
                "{\"query\":\"\",\"from\":\"2026-11-01T00:00:00Z\",\"to\":\"2026-11-01T01:00:00Z\",\"limit\":5,\"after\":\"x\"}");
        all.put(
                Endpoint.TENANT_POST + "/report-definitions/{id}/runs",
                "{\"from\":\"2026-10-01T00:00:00Z\",\"to\":\"2026-11-01T00:00:00Z\"}");
    }
}
