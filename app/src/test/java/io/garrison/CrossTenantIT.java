package io.garrison;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.guards.Endpoint;
import io.garrison.guards.TwoTenants;
import io.garrison.tenancy.FirstAdministrator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Every endpoint below a tenant's path, called by the administrator of another tenant, by nobody, and with ids of another
 * tenant on the own path. Whatever exists elsewhere must look exactly like what does not exist. The endpoints are taken
 * from the running application, so a new one is covered, or fails for want of a fixture, without anybody's doing.
 */
@SpringBootTest(
        classes = GarrisonApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "garrison.edge.port=0",
            // Planted instances do not report, and the time that passes is no change by a request.
            "garrison.instances.suspect-after=1h",
            "garrison.instances.lost-after=2h"
        })
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrossTenantIT {

    @LocalServerPort
    int port;

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping mappings;

    @Autowired
    FirstAdministrator first;

    private final HttpClient http = HttpClient.newHttpClient();
    private TwoTenants world;
    private List<Endpoint> endpoints;

    @BeforeAll
    void makeTheWorld() throws Exception {
        world = TwoTenants.make("http://127.0.0.1:" + port, first);
        endpoints = Endpoint.belowTenants(mappings);
    }

    @AfterAll
    void close() {
        http.close();
    }

    List<Endpoint> endpoints() {
        return endpoints;
    }

    @Test
    void knowsAFixtureForEveryEndpoint() {
        assertThat(endpoints).hasSizeGreaterThan(40);
        assertThat(TwoTenants.missing(endpoints)).isEmpty();
    }

    @Test
    void failsForAnEndpointWithoutAFixture() {
        var planted = new Endpoint("GET", "/api/v1/tenants/{t}/planted/{zz}");

        assertThat(TwoTenants.missing(List.of(planted)))
                .singleElement()
                .asString()
                .contains("zz");
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void looksToAStrangerAsIfTheTenantDidNotExist(Endpoint endpoint) throws Exception {
        var path = world.path(endpoint, world.own());
        var foreign = call(endpoint.method(), path, world.strangersToken());
        var unknown = call(
                endpoint.method(),
                path.replace(world.tenant().toString(), UUID.randomUUID().toString()),
                world.strangersToken());

        assertThat(foreign.status()).isEqualTo(404);
        assertThat(foreign).isEqualTo(unknown);
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void looksOnTheOwnPathAsIfTheOthersObjectDidNotExist(Endpoint endpoint) throws Exception {
        if (!endpoint.namesAnObject()) {
            return;
        }
        var path = world.strangersPath(endpoint, world.own());
        var foreign = call(endpoint.method(), path, world.strangersToken());
        var madeUp = world.strangersPath(endpoint, world.unknown());
        var unknown = call(endpoint.method(), madeUp, world.strangersToken());

        assertThat(foreign.without(path)).isEqualTo(unknown.without(madeUp));
        assertThat(foreign.status()).isBetween(400, 499);
        if (endpoint.method().equals("GET")) {
            assertThat(foreign.status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void refusesWhoHasNoCredential(Endpoint endpoint) throws Exception {
        assertThat(call(endpoint.method(), world.path(endpoint, world.own()), null)
                        .status())
                .isEqualTo(401);
        assertThat(call(endpoint.method(), world.path(endpoint, world.own()), "grt_madeup")
                        .status())
                .isEqualTo(401);
        assertThat(call(endpoint.method(), world.path(endpoint, world.own()), "grk_madeup")
                        .status())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void showsTheOwnerThatTheFixtureIsReal(Endpoint endpoint) throws Exception {
        if (endpoint.method().equals("GET") && endpoint.namesAnObject() && world.isReal(endpoint)) {
            assertThat(call("GET", world.path(endpoint, world.own()), world.ownersToken())
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "%S", "%%20%s", "%s%%20", "{%s}", "urn:uuid:%s", "%s.json", "./%s", "x/../%s"})
    void findsNoWayRoundByTheSpellingOfTheId(String spelling) throws Exception {
        var id = spelling.replace("%S", world.tenant().toString().toUpperCase())
                .replace("%s", world.tenant().toString());
        var path =
                "/api/v1/tenants/" + id.replace("%%", "%").replace("{", "%7B").replace("}", "%7D") + "/members";

        assertThat(call("GET", path, world.strangersToken()).status()).isBetween(400, 404);
    }

    @Test
    void takesTheNilIdForNoTenant() throws Exception {
        var nil = call("GET", "/api/v1/tenants/00000000-0000-0000-0000-000000000000/members", world.strangersToken());
        var unknown = call("GET", "/api/v1/tenants/" + UUID.randomUUID() + "/members", world.strangersToken());

        assertThat(nil).isEqualTo(unknown);
        assertThat(call("GET", "/api/v1/tenants/00000000-0000-0000-0000-000000000000", world.providersToken())
                        .status())
                .isEqualTo(404);
    }

    @Test
    void leavesNothingOfTheOtherTenantsChanged() throws Exception {
        var before = world.fingerprint();
        for (var endpoint : endpoints) {
            call(endpoint.method(), world.path(endpoint, world.own()), world.strangersToken());
            call(endpoint.method(), world.strangersPath(endpoint, world.own()), world.strangersToken());
        }

        assertThat(world.fingerprint()).isEqualTo(before);
    }

    private Answer call(String method, String path, @Nullable String token) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json")
                .header("If-Match", "*")
                .method(method, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("{}"));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return Answer.of(http.send(request.build(), BodyHandlers.ofString()));
    }

    /** What a caller can tell apart. */
    record Answer(int status, Map<String, List<String>> headers, String body) {

        static Answer of(HttpResponse<String> response) {
            var headers = new java.util.TreeMap<>(response.headers().map());
            headers.keySet().removeAll(List.of("date", "connection", "keep-alive"));
            return new Answer(response.statusCode(), headers, response.body());
        }

        /** Without the caller's own words: a problem tells back the path that was asked for. */
        Answer without(String path) {
            return new Answer(status, headers, body.replace(path, "…"));
        }
    }
}
