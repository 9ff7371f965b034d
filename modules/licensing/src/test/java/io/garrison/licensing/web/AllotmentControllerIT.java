package io.garrison.licensing.web;

import static io.garrison.licensing.LicensingWorld.asAdmin;
import static io.garrison.licensing.LicensingWorld.instances;
import static io.garrison.licensing.LicensingWorld.share;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.SettableClock;
import io.garrison.licensing.LicenseSummary;
import io.garrison.licensing.LicensingFixture;
import io.garrison.licensing.LicensingWorld;
import io.garrison.licensing.SubLicenseAdministration;
import io.garrison.licensing.TestTenants;
import io.garrison.tenancy.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Allotments, factors and the tree as outside programs see them. */
@ApplicationModuleTest(BootstrapMode.ALL_DEPENDENCIES)
class AllotmentControllerIT {

    @Autowired
    LicensingFixture fixture;

    @Autowired
    LicenseController licenses;

    @Autowired
    AllotmentController allotments;

    @Autowired
    LicenseTreeController trees;

    @Autowired
    SubLicenseAdministration subLicenses;

    @Autowired
    TestTenants tenants;

    @Autowired
    SettableClock clock;

    private MockMvcTester http;
    private LicenseSummary license;
    private String path;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        LicensingWorld.properties(registry);
    }

    @BeforeEach
    void serve() {
        tenants.catchUp(clock);
        http = MockMvcTester.create(MockMvcBuilders.standaloneSetup(licenses, allotments, trees)
                .setControllerAdvice(new Problems())
                .build());
        license = fixture.license(10);
        path = "/api/v1/resellers/%s/allotments".formatted(fixture.reseller());
    }

    @Test
    void allotsResizesAndReleases() {
        var made = post(4, "'overcommit':{'instances':1.25}");

        assertThat(made).hasStatus(201).hasHeader("ETag", "\"1\"");
        var id = json(made).at("/id").asString();
        assertThat(made).hasHeader("Location", path + "/" + id);
        assertThat(json(made).at("/licenseId").asString())
                .isEqualTo(license.id().toString());
        assertThat(json(made).at("/entitlements/0/limit").asLong()).isEqualTo(4);
        assertThat(json(made).at("/entitlements/3/limit/0").asString()).isEqualTo("waf");
        assertThat(body(made)).contains("\"instances\":1.25", "\"throughputBps\":1.00");
        assertThat(json(get(path)).at("/items/0/id").asString()).isEqualTo(id);
        var pool = json(get(path + "/" + id + "/pool")).at("/entitlements/0");
        assertThat(pool.at("/limit").asLong()).isEqualTo(4);
        assertThat(pool.at("/overcommit").decimalValue()).isEqualByComparingTo("1.25");
        assertThat(pool.at("/free").asLong()).isEqualTo(5);

        var resize = "{%s}".formatted(lines(6));
        assertProblem(does(HttpMethod.PUT, path + "/" + id, null, resize), 428, "precondition-required");
        assertProblem(does(HttpMethod.PUT, path + "/" + id, "\"7\"", resize), 412, "stale");
        var resized = does(HttpMethod.PUT, path + "/" + id, "\"1\"", resize);
        assertThat(resized).hasStatus(200).hasHeader("ETag", "\"2\"");
        assertThat(get(path + "/" + id)).hasHeader("ETag", "\"2\"");
        assertThat(body(resized)).contains("\"instances\":1.00");

        assertProblem(does(HttpMethod.DELETE, path + "/" + id, null, ""), 428, "precondition-required");
        assertThat(does(HttpMethod.DELETE, path + "/" + id, "\"2\"", "")).hasStatus(204);
        assertProblem(get(path + "/" + id), 404, "not-found");
    }

    @Test
    void refusesByStatusAndCode() {
        assertProblem(post(11, "'overcommit':{}"), 409, "license.pool-exhausted");
        assertThat(post(3, "'overcommit':{}")).hasStatus(201);
        assertProblem(post(3, "'overcommit':{}"), 409, "allotment.exists");
        assertProblem(get(path + "/none"), 404, "not-found");
        assertProblem(get(path + "/" + UUID.randomUUID()), 404, "not-found");
        assertProblem(get("/api/v1/resellers/%s/allotments".formatted(UUID.randomUUID())), 404, "not-found");
        assertProblem(get("/api/v1/resellers/none/allotments"), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'instances':0.99}",
                "{'instances':10.01}",
                "{'instances':1.001}",
                "{'instances':-1}",
                "{'instances':1e99}",
                "{'instances':null}",
                "{'features':2}",
                "{'cpu':2}",
            })
    void refusesWhatIsNoFactor(String factors) {
        assertProblem(post(1, "'overcommit':" + factors), 400, "malformed");
        assertProblem(overcommit("*", factors), 400, "malformed");
    }

    @Test
    void setsHowManyTimesOverALicenceIsGivenAway() {
        assertThat(get("/api/v1/licenses/" + license.id())).hasHeader("ETag", "\"1\"");

        assertProblem(overcommit(null, "{'instances':1.5}"), 428, "precondition-required");
        assertProblem(overcommit("\"9\"", "{'instances':1.5}"), 412, "stale");
        var set = overcommit("\"1\"", "{'instances':1.5,'throughputBps':2,'virtualServices':2}");
        assertThat(set).hasStatus(200).hasHeader("ETag", "\"2\"");
        assertThat(body(set)).contains("\"overcommit\":{\"instances\":1.50,");
        var line = json(get("/api/v1/licenses/%s/pool".formatted(license.id()))).at("/entitlements/0");
        assertThat(line.at("/limit").asLong()).isEqualTo(10);
        assertThat(line.at("/free").asLong()).isEqualTo(15);
        assertThat(line.at("/overcommit").decimalValue()).isEqualByComparingTo("1.5");

        fixture.allot(fixture.reseller(), license, 8);
        fixture.allot(fixture.reseller(), license, 4);
        var refused = overcommit("*", "{'instances':1.1}");
        assertProblem(refused, 409, "license.below-allocated");
        assertThat(json(refused).at("/errors/0/message").asString()).isEqualTo("instances: 12 allocated, 11 could be");
    }

    @Test
    void tellsTheTree() {
        post(4, "'overcommit':{}");
        asAdmin(tenants.any(), () -> subLicenses.allocate(share(license, instances(2))));

        var tree = json(get("/api/v1/licenses/%s/tree".formatted(license.id())));

        assertThat(tree.at("/licenseId").asString()).isEqualTo(license.id().toString());
        assertThat(tree.at("/entitlements/0/allocated").asLong()).isEqualTo(6);
        assertThat(tree.at("/resellers/0/entitlements/0/limit").asLong()).isEqualTo(4);
        assertThat(tree.at("/resellers/0/tenants").isEmpty()).isTrue();
        assertThat(tree.at("/tenants/0/slug").asString()).isEqualTo("customer");
        var leaf = tree.at("/tenants/0/subLicenses/0");
        assertThat(leaf.at("/state").asString()).isEqualTo("ACTIVE");
        assertThat(leaf.at("/entitlements/0/limit").asLong()).isEqualTo(2);
        assertThat(leaf.at("/entitlements/0/used").asLong()).isZero();
        assertThat(leaf.at("/entitlements/2/used").isNull()).isTrue();
        assertThat(leaf.at("/entitlements/3/limit/0").asString()).isEqualTo("waf");
        assertThat(tree.at("/complete").asBoolean()).isTrue();
        assertProblem(get("/api/v1/licenses/none/tree"), 404, "not-found");
    }

    private MvcTestResult post(long seats, String more) {
        return does(
                HttpMethod.POST, path, null, "{'licenseId':'%s',%s,%s}".formatted(license.id(), lines(seats), more));
    }

    private MvcTestResult overcommit(String ifMatch, String factors) {
        return does(
                HttpMethod.PUT,
                "/api/v1/licenses/%s/overcommit".formatted(license.id()),
                ifMatch,
                "{'overcommit':%s}".formatted(factors));
    }

    private static String lines(long seats) {
        return "'entitlements':[{'metric':'instances','limit':%d},{'metric':'features','limit':['waf']}]"
                .formatted(seats);
    }

    private MvcTestResult does(HttpMethod method, String uri, String ifMatch, String request) {
        var call = http.method(method)
                .uri(uri)
                .contentType(MediaType.APPLICATION_JSON)
                .content(request.replace('\'', '"'));
        return asAdmin(ifMatch == null ? call::exchange : call.header("If-Match", ifMatch)::exchange);
    }

    private MvcTestResult get(String uri) {
        return asAdmin(() -> http.get().uri(uri).exchange());
    }

    private static void assertProblem(MvcTestResult result, int status, String code) {
        assertThat(result).hasStatus(status);
        assertThat(json(result).at("/code").asString()).isEqualTo(code);
    }

    private static String body(MvcTestResult result) {
        return new String(result.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8);
    }

    private static JsonNode json(MvcTestResult result) {
        return new JsonMapper().readTree(body(result));
    }

    /** Tells refusals as the platform does, as far as this test looks. */
    @RestControllerAdvice
    static class Problems {

        @ExceptionHandler
        ResponseEntity<ProblemDetail> tell(Refusal refusal) {
            var problem = ProblemDetail.forStatus(refusal.kind().status());
            problem.setProperties(Map.of("code", refusal.code(), "errors", refusal.errors()));
            return ResponseEntity.of(problem).build();
        }
    }
}
