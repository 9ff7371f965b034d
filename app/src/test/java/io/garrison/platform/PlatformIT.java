package io.garrison.platform;

import static io.garrison.platform.Caller.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.GarrisonApplication;
import io.garrison.guards.TwoTenants;
import io.garrison.tenancy.FirstAdministrator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What stands before the modules, seen from outside, with endpoints that are planted to be counted and to fail. */
@SpringBootTest(
        classes = GarrisonApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "garrison.edge.port=0",
            "spring.profiles.active=planted",
            "garrison.sign-in.per-minute=25",
        })
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlatformIT {

    @LocalServerPort
    int port;

    @Autowired
    FirstAdministrator first;

    private Caller api;
    private TwoTenants world;

    @BeforeAll
    void makeTheWorld() throws Exception {
        api = new Caller(port);
        world = TwoTenants.make("http://127.0.0.1:" + port, first);
    }

    @AfterAll
    void close() {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"grt_fault", "grt_error"})
    void tellsAFaultInAFilterByAnIncidentAndNotByItsMessage(String token) throws Exception {
        var problem = assertProblem(api.send("GET", "/api/v1/me", token, null, ""), 500, "internal");

        assertThat(UUID.fromString(problem.path("incident").asString())).isNotNull();
    }

    @Test
    void tellsAFaultInAControllerByAnIncidentAndNotByItsMessage() throws Exception {
        var problem = assertProblem(post("/api/v1/planted/fault", null, "{}"), 500, "internal");

        assertThat(problem.path("detail").asString())
                .contains(problem.path("incident").asString());
    }

    @Test
    void tellsAnOutageInAFilterAndWhenToTryAgain() throws Exception {
        var answer = api.send("GET", "/api/v1/me", "grt_outage", null, "");

        assertProblem(answer, 503, "unavailable");
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
    }

    /** A file that ends neatly in the middle would be taken for whole. */
    @Test
    void breaksOffAnAnswerThatFailsHalfway() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> api.send("GET", "/api/v1/planted/half", world.ownersToken(), null, ""));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/nothing, 404, not-found",
        "GET, /api/v1, 404, not-found",
        "GET, /api/v1/me/, 404, not-found",
        "POST, /api/v1/nothing, 404, not-found",
        "GET, /api/v1/nothing.html, 404, not-found",
        "GET, /actuator/env, 404, not-found",
        "DELETE, /api/v1/me, 405, method-not-allowed",
        "PROPFIND, /api/v1/me, 400, malformed",
        "POST, /api/v1/licenses, 415, unsupported-media-type",
        "GET, /api/v1/tenants?after=a%00b, 400, malformed",
        "GET, /api/v1/tenants/%2e%2e%2fme, 400, malformed",
        "GET, /api/v1/tenants/a%00b, 400, malformed",
        "GET, /api/v1/tenants/%FF%FE, 400, malformed",
        "GET, /api/v1/tenants/a;b=c, 400, malformed",
    })
    void tellsAsAProblemWhatReachesNoController(String method, String path, int status, String code) throws Exception {
        var answer = api.send(method, path, world.providersToken(), null, "{}");

        assertProblem(answer, status, code);
        if (status == 405) {
            assertThat(answer.headers().firstValue("Allow")).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/tenants?limit=%ZZ", "/api/v1/%ZZ", "/api/v1/a%00b", "/api/v1/\\"})
    void tellsAsAProblemWhatIsNoAddress(String path) throws Exception {
        var answer = api.raw(
                "GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + world.providersToken() + "\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json", "\"malformed\"")
                .doesNotContain("Tomcat", "xception");
    }

    @Test
    void answersTheConsoleWhereTheApiEnds() throws Exception {
        var answer = api.send("GET", "/nothing", "", null, "");

        assertThat(answer.statusCode()).isNotEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).doesNotContain("json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "multipart/form-data",
                "application/xml",
                "text/xml",
                "application/yaml",
                "application/cbor",
                "application/x-jackson-smile",
                "nonsense",
            })
    void refusesABodyOfAnotherKind(String contentType) throws Exception {
        for (var body : new String[] {"{}", "a=%ZZ&b", "--x\r\n\r\n"}) {
            for (var endpoint : new String[] {"POST /api/v1/planted/read", "PATCH /api/v1/tenants/" + world.tenant()}) {
                var request = api.request(endpoint.split(" ")[1], world.providersToken())
                        .header("Content-Type", contentType)
                        .header("If-Match", "*")
                        .method(endpoint.split(" ")[0], BodyPublishers.ofString(body));

                assertProblem(api.send(request), 415, "unsupported-media-type");
            }
        }
    }

    @Test
    void refusesWhatItCouldNotAnswerBeforeItIsDone() throws Exception {
        int before = PlantedEndpoints.REACHED.get();
        for (var accept : new String[] {"application/xml", "text/html", "nonsense", "application/json;q=0"}) {
            var request = api.request("/api/v1/planted/count", world.providersToken())
                    .header("Content-Type", "application/json")
                    .header("Accept", accept)
                    .POST(BodyPublishers.ofString("{}"));

            assertProblem(api.send(request), 406, "not-acceptable");
        }

        assertThat(PlantedEndpoints.REACHED).hasValue(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "application/*",
                "application/json",
                "text/html, application/json;q=0.1",
                "application/problem+json, application/json",
                ""
            })
    void answersWhoTakesJson(String accept) throws Exception {
        var request = api.request("/api/v1/planted/count", world.providersToken())
                .header("Content-Type", "application/json")
                .header("Accept", accept)
                .POST(BodyPublishers.ofString("{}"));

        assertThat(api.send(request).statusCode()).isEqualTo(201);
    }

    /** Such an endpoint is chosen by what the caller takes. */
    @Test
    void answersInAnotherFormWhoTakesThat() throws Exception {
        int before = PlantedEndpoints.REACHED.get();
        for (var taken : Map.of("application/jose", 200, "*/*", 200, "application/json", 406)
                .entrySet()) {
            var request = api.request("/api/v1/planted/file", world.providersToken())
                    .header("Accept", taken.getKey())
                    .POST(BodyPublishers.noBody());

            assertThat(api.send(request).statusCode()).as(taken.getKey()).isEqualTo(taken.getValue());
        }

        assertThat(PlantedEndpoints.REACHED).hasValue(before + 2);
    }

    @Test
    void refusesABodyBeyondTheLimitHoweverItComes() throws Exception {
        var fits = "{}" + " ".repeat(BodyLimitFilter.MAX_BYTES - 2);
        byte[] tooLong = (fits + " ").getBytes(StandardCharsets.UTF_8);
        int before = PlantedEndpoints.REACHED.get();

        for (var publisher : new BodyPublisher[] {
            BodyPublishers.ofByteArray(tooLong), BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooLong))
        }) {
            assertProblem(send("POST", "/api/v1/planted/count", publisher), 413, "payload-too-large");
        }
        assertThat(PlantedEndpoints.REACHED).hasValue(before);
        assertThat(send("POST", "/api/v1/planted/read", BodyPublishers.ofString(fits))
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /api/v1/planted/count", "PUT /api/v1/planted/count"})
    void readsNoBodyOfWhoIsNotSignedIn(String line) throws Exception {
        // The announced body never comes: an answer shows that nobody waited for it.
        var answer = api.raw(line + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Content-Length: 100000\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 401").contains("application/problem+json");
    }

    @Test
    void refusesABodyThatIsNoChunksAtAll() throws Exception {
        var answer = api.raw("POST /api/v1/planted/count HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                + world.providersToken() + "\r\nTransfer-Encoding: chunked\r\n\r\nnot a length\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").doesNotContain("<html", "xception");
    }

    @Test
    void refusesABodyThatIsNotUtf8() throws Exception {
        byte[] body = "{\"text\":\"\u00ff\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertProblem(send("POST", "/api/v1/planted/read", BodyPublishers.ofByteArray(body)), 400, "malformed");
    }

    @Test
    void limitsHowOftenOneAddressMayTryToSignInAsItIsSet() throws Exception {
        HttpResponse<String> answer = null;
        int tries = 0;
        while ((answer == null || answer.statusCode() == 400) && tries++ < 40) {
            answer = api.send("POST", "/api/v1/invitations/accept", "", null, "{");
        }

        assertThat(tries).isLessThanOrEqualTo(26);
        assertProblem(answer, 429, "too-many-attempts");
        assertThat(Integer.parseInt(answer.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1, 60);
    }

    private HttpResponse<String> post(String path, @Nullable String key, String body) throws Exception {
        return api.send("POST", path, world.providersToken(), key, body);
    }

    private HttpResponse<String> send(String method, String path, BodyPublisher body) throws Exception {
        return api.send(api.request(path, world.providersToken())
                .header("Content-Type", "application/json")
                .method(method, body));
    }
}
