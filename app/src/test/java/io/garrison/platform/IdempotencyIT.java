package io.garrison.platform;

import static io.garrison.platform.Caller.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.GarrisonApplication;
import io.garrison.guards.TwoTenants;
import io.garrison.platform.IdempotencyStore.Answer;
import io.garrison.tenancy.FirstAdministrator;
import io.garrison.tenancy.SecretVault;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.springframework.jdbc.core.simple.JdbcClient;

/** A POST with a key happens once: for one person, for a day, however often and however much at once it is sent. */
@SpringBootTest(
        classes = GarrisonApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"garrison.edge.port=0", "spring.profiles.active=planted"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdempotencyIT {

    private static final Instant START = Instant.parse("2026-11-01T00:00:00.123456789Z");
    private static final byte[] HASH = {1, 2, 3};
    private static final Answer ANSWER =
            new Answer(201, Map.of("ETag", "\"1\""), "told once".getBytes(StandardCharsets.UTF_8));

    @LocalServerPort
    int port;

    @Autowired
    FirstAdministrator first;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    SecretVault vault;

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

    @Test
    void givesTheFirstAnswerToTheSameRequestAndCarriesItOutOnce() throws Exception {
        var key = anyKey();
        int before = PlantedEndpoints.REACHED.get();

        var answer = post("/api/v1/planted/count", key, "{}");
        var again = post("/api/v1/planted/count", key, "{}");

        assertThat(PlantedEndpoints.REACHED).hasValue(before + 1);
        assertThat(again.statusCode()).isEqualTo(answer.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(answer.body());
        for (var header : new String[] {"Content-Type", "Location", "ETag", "Cache-Control"}) {
            assertThat(again.headers().allValues(header))
                    .as(header)
                    .isNotEmpty()
                    .isEqualTo(answer.headers().allValues(header));
        }
    }

    @ParameterizedTest
    @CsvSource({"/api/v1/planted/count,[]", "/api/v1/planted/count?x=1,{}", "/api/v1/planted/refuse,{}"})
    void refusesTheSameKeyForAnotherRequest(String path, String body) throws Exception {
        var key = anyKey();
        post("/api/v1/planted/count", key, "{}");
        int before = PlantedEndpoints.REACHED.get();

        assertProblem(post(path, key, body), 422, "idempotency.key-reused");
        assertThat(PlantedEndpoints.REACHED).hasValue(before);
    }

    @Test
    void carriesOutOneOfTheSameRequestsAtOnceAndAnswersAllAlike() throws Exception {
        var key = anyKey();
        int before = PlantedEndpoints.REACHED.get();
        var answers = new HashSet<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<HttpResponse<String>> same = () -> post("/api/v1/planted/slow", key, "{}");
            for (var answer : threads.invokeAll(Collections.nCopies(12, same))) {
                answers.add(answer.get().statusCode() + answer.get().body());
            }
        }

        assertThat(PlantedEndpoints.REACHED).hasValue(before + 1);
        assertThat(answers).containsExactly("200{\"count\":%d}".formatted(before + 1));
    }

    @Test
    void keepsThePersonsAndTheirKeysApart() throws Exception {
        var key = anyKey();
        var bodies = new HashSet<String>();
        for (var token : new String[] {world.providersToken(), world.ownersToken(), world.strangersToken()}) {
            bodies.add(
                    api.send("POST", "/api/v1/planted/count", token, key, "{}").body());
        }

        assertThat(bodies).hasSize(3);
    }

    @Test
    void givesNobodyAnAnswerFromATenantThatIsNotTheirs() throws Exception {
        var key = anyKey();
        var path = "/api/v1/tenants/" + world.tenant() + "/planted/count";
        assertThat(api.send("POST", path, world.ownersToken(), key, "{}").statusCode())
                .isEqualTo(201);

        assertProblem(api.send("POST", path, world.strangersToken(), key, "{}"), 404, "not-found");
        assertProblem(api.send("POST", path, "grt_madeup", key, "{}"), 401, "unauthenticated");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\tb", "", "LONG"})
    void refusesAKeyThatIsNone(String key) throws Exception {
        int before = PlantedEndpoints.REACHED.get();

        var answer = post("/api/v1/planted/count", key.replace("LONG", "k".repeat(201)), "{}");

        assertProblem(answer, 400, "idempotency.key-malformed");
        assertThat(PlantedEndpoints.REACHED).hasValue(before);
    }

    @Test
    void takesTheLongestKey() throws Exception {
        var key = (anyKey() + "~".repeat(200)).substring(0, 200);

        assertThat(post("/api/v1/planted/count", key, "{}").body())
                .isEqualTo(post("/api/v1/planted/count", key, "{}").body());
    }

    @Test
    void keepsARefusalButNotAFault() throws Exception {
        int before = PlantedEndpoints.REACHED.get();
        var refused = anyKey();
        assertProblem(post("/api/v1/planted/refuse", refused, "{}"), 409, "tenant.slug-taken");
        assertProblem(post("/api/v1/planted/refuse", refused, "{}"), 409, "tenant.slug-taken");
        assertThat(PlantedEndpoints.REACHED).hasValue(before + 1);

        var failed = anyKey();
        assertProblem(post("/api/v1/planted/fault", failed, "{}"), 500, "internal");
        assertProblem(post("/api/v1/planted/fault", failed, "{}"), 500, "internal");
        assertThat(PlantedEndpoints.REACHED).hasValue(before + 3);
    }

    @Test
    void keepsARefusalThatReachedNoController() throws Exception {
        var key = anyKey();

        assertProblem(post("/api/v1/nothing", key, "{}"), 404, "not-found");
        assertProblem(post("/api/v1/nothing", key, "{}"), 404, "not-found");
    }

    /** A key stands for address and body; what the headers spoiled may be sent again with better ones. */
    @Test
    void keepsNoRefusalThatHangsOnAHeader() throws Exception {
        var key = anyKey();
        var request = api.request("/api/v1/planted/count", world.providersToken())
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .header("Accept", "application/xml")
                .POST(BodyPublishers.ofString("{}"));

        assertProblem(api.send(request), 406, "not-acceptable");
        assertThat(post("/api/v1/planted/count", key, "{}").statusCode()).isEqualTo(201);
    }

    @Test
    void keepsAnAnswerForADayAndNoLonger() {
        var person = UUID.randomUUID();
        at(Duration.ZERO).finish(at(Duration.ZERO).claim(person, "k", HASH).orElseThrow(), ANSWER);

        assertThat(at(Duration.ofHours(24)).claim(person, "k", HASH)).isEmpty();
        assertThat(at(Duration.ofHours(24)).find(person, "k").orElseThrow().answer())
                .hasValueSatisfying(
                        kept -> assertThat(kept).usingRecursiveComparison().isEqualTo(ANSWER));
        assertThat(at(Duration.ofHours(24).plusMillis(1)).claim(person, "k", HASH))
                .isPresent();
    }

    @Test
    void removesWhatIsOlderThanADay() {
        var person = UUID.randomUUID();
        at(Duration.ZERO).claim(person, "old", HASH);
        at(Duration.ofHours(1)).claim(person, "young", HASH);

        at(Duration.ofHours(24).plusSeconds(1)).removeOld();

        assertThat(at(Duration.ZERO).find(person, "old")).isEmpty();
        assertThat(at(Duration.ZERO).find(person, "young")).isPresent();
    }

    /** The first was slow, not lost after all: what it does to its claim must not touch the second's. */
    @Test
    void leavesTheKeyToWhoTookItOverFromALostRequest() {
        var person = UUID.randomUUID();
        var lost = at(Duration.ZERO).claim(person, "k", HASH).orElseThrow();
        assertThat(at(Duration.ofMinutes(2)).claim(person, "k", HASH)).isEmpty();
        var taken = at(Duration.ofMinutes(3)).claim(person, "k", HASH).orElseThrow();

        at(Duration.ofMinutes(3)).forget(lost);
        at(Duration.ofMinutes(3)).finish(lost, ANSWER);

        assertThat(at(Duration.ofMinutes(3)).claim(person, "k", HASH)).isEmpty();
        assertThat(at(Duration.ofMinutes(3)).find(person, "k").orElseThrow().answer())
                .isEmpty();
        at(Duration.ofMinutes(3)).finish(taken, ANSWER);
        assertThat(at(Duration.ofMinutes(3)).find(person, "k").orElseThrow().answer())
                .isPresent();
    }

    /** Between being refused the key and asking what is known of it, its holder may have given it back. */
    @Test
    void givesTheKeyToOneAtATime() throws Exception {
        var person = UUID.randomUUID();
        var holders = new AtomicInteger();
        var most = new AtomicInteger();
        Callable<Integer> taker = () -> {
            var store = at(Duration.ZERO);
            int taken = 0;
            for (int i = 0; i < 200; i++) {
                var claim = store.claim(person, "k", HASH);
                if (claim.isPresent()) {
                    most.accumulateAndGet(holders.incrementAndGet(), Math::max);
                    taken++;
                    holders.decrementAndGet();
                    store.forget(claim.get());
                }
            }
            return taken;
        };
        int taken = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var count : threads.invokeAll(Collections.nCopies(6, taker))) {
                taken += count.get();
            }
        }

        assertThat(taken).isPositive();
        assertThat(most).hasValue(1);
    }

    @Test
    void keepsAnswersUnreadable() {
        var person = UUID.randomUUID();
        at(Duration.ZERO).finish(at(Duration.ZERO).claim(person, "k", HASH).orElseThrow(), ANSWER);

        byte[] kept = jdbc.sql("select answer from platform.idempotent_request where principal = ?")
                .param(person)
                .query(byte[].class)
                .single();
        var text = new String(kept, StandardCharsets.ISO_8859_1);
        assertThat(text).doesNotContain("told once").doesNotContain("dG9sZCBvbmNl");
    }

    private IdempotencyStore at(Duration later) {
        return new IdempotencyStore(jdbc, vault, Clock.fixed(START.plus(later), ZoneOffset.UTC));
    }

    private HttpResponse<String> post(String path, String key, String body) throws Exception {
        return api.send("POST", path, world.providersToken(), key, body);
    }

    private static String anyKey() {
        return UUID.randomUUID().toString();
    }
}
