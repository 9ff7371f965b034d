package io.garrison.licensing.web;

import static io.garrison.licensing.LicensingWorld.asAdmin;
import static io.garrison.licensing.LicensingWorld.asMember;
import static io.garrison.licensing.LicensingWorld.instances;
import static io.garrison.licensing.LicensingWorld.licence;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.SettableClock;
import io.garrison.licensing.LicensingWorld;
import io.garrison.licensing.TestTenants;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.licensing.file.LicenseFixture;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
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

/** Controllers over the real services; the caller and the tenant are bound as the platform's filters do. */
@ApplicationModuleTest(BootstrapMode.ALL_DEPENDENCIES)
class LicensingControllerIT {

    @Autowired
    LicenseController licenses;

    @Autowired
    SubLicenseController subLicenses;

    @Autowired
    SubLicenseLoadingController loading;

    @Autowired
    InstallationController installation;

    @Autowired
    SubLicenseOperationController operations;

    @Autowired
    TransferController transfers;

    @Autowired
    ConsumptionController consumption;

    @Autowired
    PlanController plans;

    @Autowired
    TestTenants tenants;

    @Autowired
    SettableClock clock;

    private MockMvcTester http;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        LicensingWorld.properties(registry);
    }

    @BeforeEach
    void serve() {
        tenants.catchUp(clock);
        http = MockMvcTester.create(MockMvcBuilders.standaloneSetup(
                        licenses, subLicenses, loading, installation, operations, transfers, consumption, plans)
                .setControllerAdvice(new Problems())
                .build());
    }

    @Test
    void loadsALicenceAndTellsItsPool() {
        var loaded = post("/api/v1/licenses", licence(clock, instances(10)));

        assertThat(loaded).hasStatus(201).containsHeader(HttpHeaders.LOCATION);
        var id = json(loaded).at("/id").asString();
        assertThat(json(loaded).at("/name").asString()).isEqualTo("Northwind");
        assertThat(body(loaded)).doesNotContain("signing_key", "\"jws\"");
        assertThat(json(get("/api/v1/licenses/" + id)).at("/id").asString()).isEqualTo(id);
        assertThat(body(get("/api/v1/licenses?limit=500"))).contains(id).contains("deploymentId");
        var pool = json(get("/api/v1/licenses/" + id + "/pool")).at("/entitlements");
        assertThat(pool.at("/0/metric").asString()).isEqualTo("instances");
        assertThat(pool.at("/0/limit").asLong()).isEqualTo(10);
        assertThat(pool.at("/0/allocated").asLong()).isZero();
        assertThat(pool.at("/0/free").asLong()).isEqualTo(10);
        assertThat(pool.at("/1/unit").asString()).isEqualTo("bit/s");
        assertThat(pool.at("/3/metric").asString()).isEqualTo("features");
        assertThat(pool.at("/3/free/0").asString()).isEqualTo("waf");
    }

    @Test
    void tellsByStatusAndCodeWhyASubLicenceFromElsewhereIsRefused() {
        var now = clock.instant();
        var parent = LicenseFixture.issue(
                LicensingWorld.VENDOR, LicenseFixture.TEN, now, now.plus(Duration.ofDays(90)), null, false);
        var unnamed = LicenseFixture.sign(parent, LicenseFixture.share(parent));

        assertProblem(post("/api/v1/sub-licenses", unnamed), 422, "license.tenant-unnamed");
        assertProblem(post("/api/v1/sub-licenses", licence(clock, instances(1))), 422, "license.malformed");
        assertProblem(post("/api/v1/sub-licenses", "x".repeat(10_000_000)), 422, "license.too-large");
    }

    @Test
    void tellsWhichInstallationThisIs() {
        var told = json(get("/api/v1/installation"));

        assertThat(told.at("/mode").asString()).isEqualTo("CLUSTER");
        assertThat(body(get("/api/v1/licenses")))
                .contains(told.at("/deploymentId").asString());
        assertThat(told.at("/version").asString()).isEqualTo("development");
    }

    @Test
    void tellsByStatusAndCodeWhyALicenceIsRefused() {
        var file = licence(clock, instances(1));
        post("/api/v1/licenses", file);

        assertProblem(post("/api/v1/licenses", file), 409, "license.already-loaded");
        assertProblem(post("/api/v1/licenses", ""), 422, "license.malformed");
        assertProblem(post("/api/v1/licenses", "x".repeat(10_000_000)), 422, "license.too-large");
        var last = file.charAt(file.length() - 2) == 'A' ? 'B' : 'A';
        var damaged = file.substring(0, file.length() - 2) + last + file.substring(file.length() - 1);
        assertProblem(post("/api/v1/licenses", damaged), 422, "license.signature-invalid");
        assertThat(asAdmin(() -> http.post()
                        .uri("/api/v1/licenses")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(file)
                        .exchange()))
                .hasStatus(415);
        assertProblem(get("/api/v1/licenses/" + UUID.randomUUID()), 404, "not-found");
        assertProblem(get("/api/v1/licenses/nonsense/pool"), 404, "not-found");
    }

    @Test
    void allocatesASubLicenceAndGivesItsFile() {
        var tenant = tenants.any();
        var path = "/api/v1/tenants/" + tenant + "/sub-licenses";

        var made = allocate(
                tenant,
                request(
                        loadLicence(5),
                        "[{'metric':'instances','limit':2,'overage':'DENY'},"
                                + "{'metric':'virtualServices','limit':7},{'metric':'features','limit':['waf']}]"));

        assertThat(made).hasStatus(201).headers().hasValue("ETag", "\"1\"");
        var id = json(made).at("/id").asString();
        assertThat(made).headers().hasValue("Location", path + "/" + id);
        assertThat(json(made).at("/state").asString()).isEqualTo("ACTIVE");
        assertThat(json(made).at("/entitlements/0/limit").asLong()).isEqualTo(2);
        assertThat(json(made).at("/entitlements/1/limit").asLong())
                .as("not named, not granted")
                .isZero();
        assertThat(body(in(tenant, path))).contains(id);
        assertThat(body(in(tenant, path + "/" + id))).isEqualTo(body(made));
        var file = in(tenant, path + "/" + id + "/file");
        assertThat(file).hasStatusOk().hasContentType("application/jose");
        assertThat(LicenseFile.readSubLicense(body(file), LicensingWorld.TRUSTED)
                        .child()
                        .id())
                .hasToString(id);
        assertProblem(in(tenants.any(), path + "/" + id), 404, "not-found");
        assertProblem(in(tenant, path + "/nonsense/file"), 404, "not-found");
    }

    @Test
    void revokesASubLicenceOnce() {
        var tenant = tenants.any();
        var path = "/api/v1/tenants/" + tenant + "/sub-licenses/";
        var made = json(allocate(tenant, request(loadLicence(5), "[{'metric':'instances','limit':5}]")));
        var revoke = path + made.at("/id").asString() + "/revoke";

        var revoked = asAdmin(tenant, () -> http.post().uri(revoke).exchange());

        assertThat(revoked).hasStatusOk().headers().hasValue("ETag", "\"2\"");
        assertThat(json(revoked).at("/state").asString()).isEqualTo("REVOKED");
        assertProblem(asAdmin(tenant, () -> http.post().uri(revoke).exchange()), 409, "license.already-revoked");
    }

    @Test
    void changesASubLicenceAndTellsItsHistory() {
        var tenant = tenants.any();
        var made = json(allocate(tenant, request(loadLicence(5), "[{'metric':'instances','limit':5}]")));
        var path =
                "/api/v1/tenants/" + tenant + "/sub-licenses/" + made.at("/id").asString();

        var preview = does(tenant, path + "/resize/preview", "{'entitlements':[{'metric':'instances','limit':2}]}");
        var resized =
                does(tenant, path + "/resize", "{'entitlements':[{'metric':'instances','limit':2}],'reason':'less'}");

        assertThat(json(preview).at("/fits").asBoolean()).isTrue();
        assertThat(json(preview).at("/pool/entitlements/0/free").asLong()).isEqualTo(3);
        assertThat(json(preview).at("/leases/running").asLong()).isZero();
        assertThat(resized).hasStatusOk().headers().hasValue("ETag", "\"2\"");
        assertThat(json(resized).at("/serial").asLong()).isEqualTo(2);
        assertThat(json(does(tenant, path + "/suspend", "")).at("/state").asString())
                .isEqualTo("SUSPENDED");
        assertProblem(does(tenant, path + "/suspend", "{}"), 409, "license.already-suspended");
        assertThat(json(does(tenant, path + "/resume", "{'reason':'paid'}"))
                        .at("/state")
                        .asString())
                .isEqualTo("ACTIVE");
        var until = clock.instant().plus(Duration.ofDays(200)).truncatedTo(ChronoUnit.SECONDS);
        assertThat(json(does(tenant, path + "/renew", "{'validUntil':'" + until + "'}"))
                        .at("/validUntil")
                        .asString())
                .isEqualTo(until.toString());
        var history = json(in(tenant, path + "/history?limit=4"));
        assertThat(history.at("/items/0/action").asString()).isEqualTo("renewed");
        assertThat(history.at("/items/3/reason").asString()).isEqualTo("less");
        assertThat(history.at("/items/3/from/instances").asLong()).isEqualTo(5);
        assertThat(json(in(
                                tenant,
                                path + "/history?after=" + history.at("/next").asString()))
                        .at("/items/0/action")
                        .asString())
                .isEqualTo("allocated");
    }

    @Test
    void keepsPlansAndCutsSubLicencesFromThem() {
        var tenant = tenants.any();
        var body =
                "{'name':'%s','graceDays':7,'termDays':30,'entitlements':[{'metric':'instances','limit':%d,'overage':'BILL'}]}";
        var name = "Gold " + UUID.randomUUID();
        var made = does(null, "/api/v1/plans", body.formatted(name, 2));
        assertThat(made).hasStatus(201).headers().hasValue("ETag", "\"1\"");
        var path = made.getResponse().getHeader("Location");

        assertProblem(put(path, null, body.formatted(name, 3)), 428, "precondition-required");
        assertProblem(put(path, "\"7\"", body.formatted(name, 3)), 412, "stale");
        assertThat(put(path, "\"1\"", body.formatted(name, 3)))
                .hasStatusOk()
                .headers()
                .hasValue("ETag", "\"2\"");
        assertProblem(does(null, "/api/v1/plans", body.formatted(name, 1)), 409, "plan.name-taken");
        assertThat(does(null, "/api/v1/plans", "{}")).hasStatus(400);
        assertThat(body(get("/api/v1/plans?limit=500"))).contains(name);
        var cut = does(
                tenant,
                "/api/v1/tenants/" + tenant + "/sub-licenses/from-plan",
                "{'planId':'%s','licenseId':'%s','validFrom':'%s'}"
                        .formatted(json(made).at("/id").asString(), loadLicence(5), clock.instant()));
        assertThat(cut).hasStatus(201);
        assertThat(json(cut).at("/entitlements/0/overage").asString()).isEqualTo("BILL");
        assertThat(json(get(path + "/sub-licenses")).at("/items/0/planVersion").asLong())
                .isEqualTo(2);
        assertThat(asAdmin(() ->
                        http.delete().uri(path).header("If-Match", "\"2\"").exchange()))
                .hasStatus(204);
        assertThat(json(get(path)).at("/retiredAt").isNull()).isFalse();
        assertProblem(get("/api/v1/plans/nonsense"), 404, "not-found");
    }

    @Test
    void tellsWhatIsUsed() {
        var tenant = tenants.any();
        var made = json(allocate(
                tenant, request(loadLicence(5), "[{'metric':'instances','limit':2,'overage':'CEILING','ceiling':4}]")));
        var path =
                "/api/v1/tenants/" + tenant + "/sub-licenses/" + made.at("/id").asString();

        var line = json(in(tenant, path + "/consumption")).at("/entitlements/0");

        assertThat(line.at("/metric").asString()).isEqualTo("instances");
        assertThat(line.at("/ceiling").asLong()).isEqualTo(4);
        assertThat(line.at("/used").asLong()).isZero();
        assertThat(line.at("/policy").asString()).isEqualTo("CEILING");
        assertThat(line.at("/state").asString()).isEqualTo("WITHIN");
        assertThat(json(in(tenant, path + "/consumption"))
                        .at("/entitlements/1/used")
                        .isNull())
                .isTrue();
        assertThat(json(in(tenant, path + "/overage")).at("/items")).isEmpty();
    }

    @Test
    void transfersAndTellsWhatBecameOfIt() {
        var licence = loadLicence(5);
        var alice = tenants.any();
        var bob = tenants.any();
        var from = json(allocate(alice, request(licence, "[{'metric':'instances','limit':3}]")));
        var to = json(allocate(bob, request(licence, "[{'metric':'instances','limit':2}]")));
        var path =
                "/api/v1/tenants/" + alice + "/sub-licenses/" + from.at("/id").asString();
        var body = "{'toTenantId':'%s','toSubLicenseId':'%s','entitlements':[{'metric':'instances','amount':1}]%s}";

        var done =
                does(alice, path + "/transfer", body.formatted(bob, to.at("/id").asString(), ""));

        assertThat(done).hasStatus(201);
        assertThat(json(done).at("/state").asString()).isEqualTo("DONE");
        assertThat(json(in(alice, done.getResponse().getHeader("Location")))
                        .at("/entitlements/0/amount")
                        .asLong())
                .isEqualTo(1);
        var later = ",'effectiveAt':'" + clock.instant().plus(Duration.ofDays(1)) + "'";
        var scheduled = json(
                does(alice, path + "/transfer", body.formatted(bob, to.at("/id").asString(), later)));
        assertThat(scheduled.at("/state").asString()).isEqualTo("SCHEDULED");
        assertThat(json(does(alice, path + "/transfers/" + scheduled.at("/id").asString() + "/cancel", ""))
                        .at("/state")
                        .asString())
                .isEqualTo("CANCELLED");
        assertThat(json(in(alice, path + "/transfers")).at("/items")).hasSize(2);
        assertThat(body(in(alice, path + "/transfers"))).contains(bob.toString());
        assertThat(body(asMember(
                        alice, () -> http.get().uri(path + "/transfers").exchange())))
                .as("a tenant does not learn who the other is")
                .contains("CANCELLED")
                .doesNotContain(bob.toString(), to.at("/id").asString());
        assertProblem(in(alice, path + "/transfers/nonsense"), 404, "not-found");
        assertProblem(
                does(alice, path + "/transfer", body.formatted(bob, UUID.randomUUID(), "")),
                422,
                "license.transfer-refused");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "resize | {} | 400",
                "resize | {'entitlements':[]} | 400",
                "resize | {'entitlements':[{'metric':'instances','limit':0}]} | 400",
                "resize | {'entitlements':[{'metric':'instances','limit':1}],'ifLeasesBreak':'HOPE'} | 400",
                "resize | {'entitlements':[{'metric':'instances','limit':1}],'graceHours':-1} | 400",
                "resize | {'entitlements':[{'metric':'instances','limit':1}],'graceHours':2161} | 400",
                "resize | {'entitlements':[{'metric':'instances','limit':6}]} | 409",
                "resize | {'entitlements':[{'metric':'features','limit':['bots']}]} | 422",
                "renew | {} | 400",
                "renew | {'validUntil':'soon'} | 400",
                "renew | {'validUntil':'2020-01-01T00:00:00Z'} | 422",
                "suspend | {'reason':'a\u0000b'} | 400",
                "resume | {} | 409",
                "revoke | {'ifLeasesBreak':'HOPE'} | 400",
                "transfer | {} | 400",
                "transfer | {'toTenantId':'x'} | 400"
            })
    void refusesAChangeThatMakesNoSense(String operation, String request, int status) {
        var tenant = tenants.any();
        var made = json(allocate(tenant, request(loadLicence(5), "[{'metric':'instances','limit':5}]")));
        var path =
                "/api/v1/tenants/" + tenant + "/sub-licenses/" + made.at("/id").asString();

        assertThat(does(tenant, path + "/" + operation, request)).hasStatus(status);
        assertThat(json(in(tenant, path)).at("/serial").asLong()).isEqualTo(1);
    }

    @Test
    void pagesThroughSubLicencesWithoutLossOrRepetition() {
        var tenant = tenants.any();
        var licence = loadLicence(5);
        var made = new HashSet<String>();
        for (int i = 0; i < 5; i++) {
            var answer = allocate(tenant, request(licence, "[{'metric':'instances','limit':1}]"));
            made.add(json(answer).at("/id").asString());
        }

        var seen = new ArrayList<String>();
        var next = "";
        do {
            var page = json(in(tenant, "/api/v1/tenants/" + tenant + "/sub-licenses?limit=2" + next));
            page.at("/items").forEach(item -> seen.add(item.at("/id").asString()));
            next = page.hasNonNull("next") ? "&after=" + page.at("/next").asString() : null;
        } while (next != null);

        assertThat(seen).hasSize(5).containsExactlyInAnyOrderElementsOf(made);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=501", "limit=x", "after=x"})
    void refusesAPageThatCannotBe(String query) {
        var tenant = tenants.any();

        assertThat(get("/api/v1/licenses?" + query)).hasStatus(400);
        assertThat(in(tenant, "/api/v1/tenants/" + tenant + "/sub-licenses?" + query))
                .hasStatus(400);
    }

    @Test
    void tellsWhatIsFreeWhenThePoolIsExhausted() {
        var refused = allocate(tenants.any(), request(loadLicence(5), "[{'metric':'instances','limit':6}]"));

        assertProblem(refused, 409, "license.pool-exhausted");
        assertThat(body(refused)).contains("asked 6, free 5");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{'metric':'cores','limit':1}] | 400 | unknown-metric",
                "[{'limit':1}] | 400 | unknown-metric",
                "[null] | 400 | unknown-metric",
                "[{'metric':'instances','limit':0}] | 400 | out-of-range",
                "[{'metric':'instances','limit':-1}] | 400 | out-of-range",
                "[{'metric':'instances','limit':1.5}] | 400 | out-of-range",
                "[{'metric':'instances','limit':'1'}] | 400 | out-of-range",
                "[{'metric':'instances','limit':9223372036854775808}] | 400 | out-of-range",
                "[{'metric':'instances'}] | 400 | out-of-range",
                "[{'metric':'instances','limit':1},{'metric':'instances','limit':1}] | 400 | given-twice",
                "[{'metric':'features','limit':[]},{'metric':'features','limit':[]}] | 400 | given-twice",
                "[{'metric':'features','limit':'waf'}] | 400 | not-a-list-of-features",
                "[{'metric':'features','limit':['waf','waf']}] | 400 | not-a-list-of-features",
                "[{'metric':'features','limit':[1]}] | 400 | not-a-list-of-features",
                "[{'metric':'features','limit':['bots']}] | 422 | license.feature-not-granted",
                "[{'metric':'instances','limit':1,'overage':'ALLOW'}] | 422 | license.overage-unsupported",
                "[{'metric':'features','limit':['waf'],'overage':'BILL'}] | 422 | license.overage-unsupported",
                "[{'metric':'instances','limit':1,'overage':'CEILING'}] | 400 | out-of-range",
                "[{'metric':'instances','limit':1,'overage':'CEILING','ceiling':0}] | 400 | out-of-range",
                "[{'metric':'instances','limit':1,'overage':'BILL','ceiling':3}] | 400 | ceiling-without-policy",
                "[{'metric':'instances','limit':2,'overage':'CEILING','ceiling':1}] | 422 | license.ceiling-below-limit",
                "[{'metric':'instances','limit':2,'overage':'CEILING','ceiling':6}] | 422 | license.ceiling-exceeds-license"
            })
    void tellsWhatIsWrongWithAnAllocation(String entitlements, int status, String code) {
        var refused = allocate(tenants.any(), request(loadLicence(5), entitlements));

        assertThat(refused).hasStatus(status);
        assertThat(body(refused)).contains("\"" + code + "\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"{} | 400", "[] | 400", "{'entitlements': | 400"})
    void refusesARequestThatLacksItsFields(String request, int status) {
        assertThat(allocate(tenants.any(), request.replace('\'', '"'))).hasStatus(status);
    }

    private String loadLicence(long count) {
        return json(post("/api/v1/licenses", licence(clock, instances(count))))
                .at("/id")
                .asString();
    }

    private String request(String licence, String entitlements) {
        return """
                {"licenseId":"%s","validFrom":"%s","validUntil":"%s","graceDays":14,"entitlements":%s}
                """.formatted(
                licence, clock.instant(), clock.instant().plus(Duration.ofDays(100)), entitlements.replace('\'', '"'));
    }

    private MvcTestResult allocate(TenantId tenant, String request) {
        return asAdmin(
                tenant,
                () -> http.post()
                        .uri("/api/v1/tenants/{t}/sub-licenses", tenant)
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(request)
                        .exchange());
    }

    /** @param tenant null for what belongs to no tenant */
    private MvcTestResult does(TenantId tenant, String path, String request) {
        var call = http.post().uri(path).contentType(MediaType.APPLICATION_JSON).content(request.replace('\'', '"'));
        return tenant == null ? asAdmin(call::exchange) : asAdmin(tenant, call::exchange);
    }

    private MvcTestResult put(String path, String ifMatch, String request) {
        var call = http.put().uri(path).contentType(MediaType.APPLICATION_JSON).content(request.replace('\'', '"'));
        return asAdmin(ifMatch == null ? call::exchange : call.header("If-Match", ifMatch)::exchange);
    }

    private MvcTestResult post(String path, String file) {
        return asAdmin(() -> http.post()
                .uri(path)
                .contentType("application/jose")
                .content(file)
                .exchange());
    }

    private MvcTestResult get(String path) {
        return asAdmin(() -> http.get().uri(path).exchange());
    }

    private MvcTestResult in(TenantId tenant, String path) {
        return asAdmin(tenant, () -> http.get().uri(path).exchange());
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
