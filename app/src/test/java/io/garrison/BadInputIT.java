package io.garrison;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.guards.BadInput;
import io.garrison.guards.DatabaseContents;
import io.garrison.guards.Endpoint;
import io.garrison.guards.Examples;
import io.garrison.guards.Parameters;
import io.garrison.guards.Prober;
import io.garrison.tenancy.FirstAdministrator;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Every endpoint with every kind of bad input, by somebody who may do everything: it is refused as a problem, it is never
 * a fault of ours, and nothing is half done. The endpoints and their fields are taken from the running application.
 */
@SpringBootTest(
        classes = GarrisonApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "garrison.edge.port=0",
            "garrison.sign-in.per-minute=100000",
            // The planted instance never reports; that is no change by the requests.
            "garrison.instances.suspect-after=1h",
            "garrison.instances.lost-after=2h",
        })
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BadInputIT {

    /** Where nobody is signed in, or nobody is afterwards, there is nobody whose key it could be. */
    private static final Set<String> WITHOUT_KEYS = Set.of(
            "/api/v1/auth/token",
            "/api/v1/invitations/accept",
            "/api/v1/password-resets",
            "/api/v1/setup",
            "/api/v1/auth/logout");

    private static final Map<String, String> ANY = Map.of("If-Match", "*");

    @LocalServerPort
    int port;

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping mappings;

    @Autowired
    FirstAdministrator first;

    private Prober api;

    @BeforeAll
    void makeTheWorld() throws Exception {
        api = Prober.make("http://127.0.0.1:" + port, first, mappings);
    }

    @AfterAll
    void close() {
        api.close();
    }

    List<Endpoint> withBodies() {
        return api.those(endpoint -> Examples.of(endpoint) != null);
    }

    List<Endpoint> files() {
        return api.those(Examples::takesFiles);
    }

    List<Endpoint> versioned() {
        return api.those(Examples::isVersioned);
    }

    List<Endpoint> reading() {
        return api.those(endpoint -> endpoint.method().equals("GET"));
    }

    List<Endpoint> namingObjects() {
        return api.those(Endpoint::namesAnObject);
    }

    List<Endpoint> posts() {
        return api.those(endpoint -> endpoint.method().equals("POST") && !WITHOUT_KEYS.contains(endpoint.pattern()));
    }

    @Test
    void knowsAnExampleWithEveryFieldOfEveryBody() {
        assertThat(api.all()).hasSizeGreaterThan(60);
        var missing = new ArrayList<String>();
        api.all().forEach((endpoint, handler) -> missing.addAll(Examples.missing(endpoint, handler)));

        assertThat(missing).isEmpty();
        assertThat(withBodies()).hasSizeGreaterThan(30);
        assertThat(files()).hasSize(6);
    }

    @Test
    void failsForAnEndpointWithoutAnExample() throws Exception {
        var handler = new HandlerMethod(new Planted(), "planted", Planted.Body.class);

        assertThat(Examples.missing(new Endpoint("POST", "/api/v1/planted"), handler))
                .hasSize(1);
        // The example there has no field "planted".
        assertThat(Examples.missing(new Endpoint("POST", "/api/v1/members"), handler))
                .hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("withBodies")
    void refusesWhatIsNoObject(Endpoint endpoint) throws Exception {
        var bad = BadInput.noObjects(example(endpoint));
        bad.addAll(List.of(
                new BadInput("nothing", new byte[0], true),
                new BadInput("null", "null".getBytes(StandardCharsets.UTF_8), true)));
        if (Examples.mayBeAbsent(endpoint, api.handler(endpoint))) {
            bad.removeIf(input -> Set.of("nothing", "null").contains(input.what()));
        }
        refusesAll(endpoint, bad);
    }

    @ParameterizedTest
    @MethodSource("withBodies")
    void refusesAnObjectWithOneThingWrong(Endpoint endpoint) throws Exception {
        refusesAll(endpoint, BadInput.spoiled(example(endpoint)));
    }

    @ParameterizedTest
    @MethodSource("files")
    void refusesAFileThatIsNone(Endpoint endpoint) throws Exception {
        var before = DatabaseContents.read();
        for (var file :
                List.of("", "\0", "x", "a.b.c", "..", "{}", "e30.e30.e30", "\u00ff.\u00fe", "x".repeat(100_000))) {
            var answer = api.send(endpoint, api.path(endpoint), file.getBytes(StandardCharsets.ISO_8859_1), Map.of());
            assertThat(Prober.flaw(answer)).as(file).isEmpty();
        }
        assertThat(DatabaseContents.read()).isEqualTo(before);
    }

    private void refusesAll(Endpoint endpoint, List<BadInput> bad) throws Exception {
        var before = DatabaseContents.read();
        var wrong = new ArrayList<String>();
        for (var input : bad) {
            var answer = api.send(endpoint, api.path(endpoint), input.body(), ANY);
            boolean harmless = Examples.takesDrafts(endpoint) && !input.form() && answer.statusCode() < 300;
            if (!harmless) {
                Prober.flaw(answer).ifPresent(flaw -> wrong.add(input + " → " + flaw));
                if (input.form() && !Examples.takesDrafts(endpoint) && answer.statusCode() != 400) {
                    wrong.add(input + " → " + answer.statusCode() + " instead of 400");
                }
            }
        }

        assertThat(wrong).isEmpty();
        if (!Examples.takesDrafts(endpoint)) {
            assertThat(DatabaseContents.read()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource("versioned")
    void changesNothingWithoutTheVersionThatWasSeen(Endpoint endpoint) throws Exception {
        var before = DatabaseContents.read();
        var path = api.path(endpoint);

        for (var none : List.of(Map.<String, String>of(), Map.of("If-Match", ""), Map.of("If-Match", " "))) {
            assertThat(api.send(endpoint, path, none).statusCode()).isEqualTo(428);
        }
        for (var stale :
                new String[] {"\"999999\"", "\"x\"", "1", "W/\"1\"", "\"-1\"", "\"01\"", "\"1", "abc", "\"1\", \"2\""
                }) {
            var answer = api.send(endpoint, path, Map.of("If-Match", stale));
            assertThat(Prober.flaw(answer)).isEmpty();
            assertThat(answer.statusCode()).as(stale).isIn(412, 404);
        }
        assertThat(DatabaseContents.read()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("reading")
    void refusesParametersThatAreNone(Endpoint endpoint) throws Exception {
        var parameters = Parameters.of(api.handler(endpoint));
        var wrong = new ArrayList<String>();
        for (var parameter : parameters.good().keySet()) {
            for (var value : Parameters.bad(parameter).entrySet()) {
                var answer = api.send(endpoint, api.path(endpoint) + parameters.with(parameter, value.getValue()), ANY);
                if (Parameters.mustBeRefused(parameter, value.getKey()) || answer.statusCode() >= 300) {
                    Prober.flaw(answer).ifPresent(flaw -> wrong.add(parameter + " " + value.getKey() + " → " + flaw));
                }
            }
        }
        if (parameters.good().containsKey("from")) {
            var backwards = parameters.with("from", "2026-10-03T00:00:00Z");
            Prober.flaw(api.send(endpoint, api.path(endpoint) + backwards, ANY))
                    .ifPresent(flaw -> wrong.add("from after to → " + flaw));
        }

        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("namingObjects")
    void findsNothingUnderNamesThatAreNone(Endpoint endpoint) throws Exception {
        var before = DatabaseContents.read();
        var wrong = new ArrayList<String>();
        var names = new HashMap<>(BadInput.TEXTS);
        names.put("nil", new UUID(0, 0).toString());
        names.put("lenient", "1-1-1-1-1");
        for (var variable : endpoint.variables()) {
            names.forEach((what, name) -> {
                var path = api.path(endpoint, variable, name);
                try {
                    Prober.flaw(api.send(endpoint, path, ANY))
                            .ifPresent(flaw -> wrong.add(variable + " " + what + " → " + flaw));
                } catch (Exception e) {
                    wrong.add(variable + " " + what + " → " + e);
                }
            });
        }

        assertThat(wrong).isEmpty();
        assertThat(DatabaseContents.read()).isEqualTo(before);
    }

    /** The last, for it does what the endpoints are for, and some of that goes on for a while. */
    @Order(Integer.MAX_VALUE)
    @ParameterizedTest
    @MethodSource("posts")
    void doesOnceWhatIsAskedTwiceAtOnce(Endpoint endpoint) throws Exception {
        var key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        byte[] body = Optional.ofNullable(Examples.of(endpoint)).orElse("").getBytes(StandardCharsets.UTF_8);
        var answers = twiceAtOnce(() -> api.send(endpoint, api.path(endpoint), body, key));
        var again = api.send(endpoint, api.path(endpoint), body, key);

        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(again.statusCode());
        assertThat(answers).extracting(HttpResponse::body).containsOnly(again.body());
        assertThat(again.statusCode()).isLessThan(500);
    }

    /** Whom it signs out it does not know any more: the same request is refused then, with a key or without. */
    @Order(Integer.MAX_VALUE)
    @Test
    void signsOutOnceAndForAll() throws Exception {
        var logout = new Endpoint("POST", "/api/v1/auth/logout");
        var key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        var answers = twiceAtOnce(() -> api.sendAsAStranger(logout, key));

        assertThat(answers).extracting(HttpResponse::statusCode).contains(204).isSubsetOf(204, 401);
        assertThat(api.sendAsAStranger(logout, key).statusCode()).isEqualTo(401);
    }

    private static List<HttpResponse<String>> twiceAtOnce(Callable<HttpResponse<String>> call) throws Exception {
        var answers = new ArrayList<HttpResponse<String>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : threads.invokeAll(List.of(call, call))) {
                answers.add(answer.get());
            }
        }
        return answers;
    }

    private static String example(Endpoint endpoint) {
        return Optional.ofNullable(Examples.of(endpoint)).orElseThrow();
    }

    public static final class Planted {
        public record Body(String planted) {}

        public void planted(@RequestBody Body body) {}
    }
}
