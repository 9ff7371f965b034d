package io.garrison.instances.edgeapi;

import static io.garrison.instances.Worlds.anyTenant;
import static io.garrison.instances.Worlds.as;
import static io.garrison.instances.Worlds.asProvider;
import static io.garrison.instances.Worlds.csr;
import static io.garrison.instances.Worlds.policy;
import static io.garrison.instances.Worlds.runAs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.instances.EnrollmentTokens;
import io.garrison.instances.FleetView;
import io.garrison.instances.GatewayAddress;
import io.garrison.instances.InstallationKeys;
import io.garrison.instances.InstanceHealth;
import io.garrison.instances.InstanceId;
import io.garrison.instances.InstanceManagement;
import io.garrison.instances.LifecycleState;
import io.garrison.instances.PolicyManagement;
import io.garrison.instances.RegisterFlushes;
import io.garrison.instances.ServerTest;
import io.garrison.instances.StackManagement;
import io.garrison.instances.StackSummary;
import io.garrison.instances.TestLicensing;
import io.garrison.instances.TrafficMode;
import io.garrison.instances.pki.Authority;
import io.garrison.protocol.CertificateRenewal;
import io.garrison.protocol.EnrollResponse;
import io.garrison.protocol.MeterAck;
import io.garrison.protocol.PlanSigning;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.Report;
import io.garrison.protocol.ReportAnswer;
import io.garrison.protocol.SignedBundle;
import io.garrison.protocol.SyncState;
import io.garrison.protocol.Telemetry;
import io.garrison.tenancy.TenantId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyPair;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

@ServerTest
class EdgeGatewayIT {

    @Autowired
    StackManagement stacks;

    @Autowired
    EnrollmentTokens tokens;

    @Autowired
    InstanceManagement instances;

    @Autowired
    PolicyManagement policies;

    @Autowired
    RegisterFlushes flushes;

    @Autowired
    FleetView fleet;

    @Autowired
    TestLicensing licensing;

    @Autowired
    RecordingIntake intake;

    @Autowired
    InstallationKeys keys;

    @Autowired
    GatewayAddress gateway;

    @LocalServerPort
    int port;

    private final KeyPair key = EdgeClient.newKey();

    private StackSummary anyStack(TenantId tenant, int seats) {
        var subLicense = licensing.sell(tenant, seats, 10);
        return as(tenant, () -> stacks.create("edge", subLicense, TrafficMode.ACTIVE_ACTIVE));
    }

    private String token(TenantId tenant, StackSummary stack, int uses) {
        return as(tenant, () -> tokens.create(stack.id(), 60, uses)).token();
    }

    private EdgeClient stranger() {
        return EdgeClient.withoutCertificate(gateway.port(), keys);
    }

    private record Enrolled(EdgeClient client, EnrollResponse answer, KeyPair key, X509Certificate certificate) {
        InstanceId id() {
            return new InstanceId(answer.instanceId());
        }
    }

    private Enrolled enrolled(TenantId tenant, StackSummary stack) throws Exception {
        var pair = EdgeClient.newKey();
        var answer = stranger().enroll(token(tenant, stack, 1), csr(pair));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        var enrolled = ProtocolJson.read(answer.body().getBytes(), EnrollResponse.class);
        var certificate = EdgeClient.certificate(enrolled);
        return new Enrolled(EdgeClient.with(gateway.port(), keys, pair, certificate), enrolled, pair, certificate);
    }

    private static Report report(UUID boot, long sequence, long applied, PolicyBundle bundle, Report.Flushed flushed) {
        return new Report(
                boot,
                sequence,
                Instant.now(),
                applied,
                bundle == null ? null : bundle.incarnation(),
                bundle == null ? null : bundle.policySha256(),
                applied == 0 ? SyncState.NEVER_APPLIED : SyncState.IN_SYNC,
                null,
                applied > 0,
                false,
                "ACTIVE",
                "0.1.0",
                "3.0.11",
                applied == 0 ? List.of() : List.of(new Report.ServiceState("shop", "192.0.2.10", 8080, "UP", 1, 1)),
                new Report.SpoolState(0, 0, 0, 0),
                flushed,
                null);
    }

    private static ReportAnswer report(Enrolled edge, Report report) throws Exception {
        var answer = edge.client().post("/edge/v1/report", ProtocolJson.write(report));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return ProtocolJson.read(answer.body().getBytes(), ReportAnswer.class);
    }

    private static PolicyBundle bundle(HttpResponse<String> answer) {
        var signed = ProtocolJson.read(answer.body().getBytes(), SignedBundle.class);
        return ProtocolJson.read(Base64.getUrlDecoder().decode(signed.payload()), PolicyBundle.class);
    }

    /** HA-00f: the plan over the wire, by the keys that enrolment told. */
    @Test
    void handsAPlanToWhoTellsOfItsStackAndHearsTheRestOfHalfAnEvent() throws Exception {
        var alice = anyTenant();
        var edge = enrolled(alice, anyStack(alice, 1));
        var bare = new String(ProtocolJson.write(report(UUID.randomUUID(), 1, 0, null, null)));
        var event =
                "{\"bootId\":\"%s\",\"sequence\":9,\"at\":\"2026-11-27T10:00:00Z\",\"severity\":\"INFO\",\"message\":\"x\"%s}";
        assertThat(bare).contains("\"availability\":null");
        var told = bare.replace(
                "\"availability\":null", "\"availability\":{\"planNumber\":0,\"flaps\":0,\"events\":[%s]}");

        var answer = edge.client()
                .post(
                        "/edge/v1/report",
                        told.formatted(event.formatted(UUID.randomUUID(), ",\"code\":\"ha.x\""))
                                .getBytes());
        var half = edge.client()
                .post(
                        "/edge/v1/report",
                        told.formatted(event.formatted(UUID.randomUUID(), "")).getBytes());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var taken = ProtocolJson.read(answer.body().getBytes(), ReportAnswer.class);
        assertThat(taken.eventsTaken()).isEqualTo(9);
        var key = edge.answer().policyKeys().getFirst();
        var trusted = java.util.Map.of(
                key.keyId(),
                java.security.KeyFactory.getInstance("Ed25519")
                        .generatePublic(new java.security.spec.X509EncodedKeySpec(
                                Base64.getDecoder().decode(key.publicKey()))));
        assertThat(PlanSigning.verify(taken.plan(), trusted).instanceId())
                .isEqualTo(edge.answer().instanceId());
        assertThat(half.statusCode()).as("the heartbeat goes on").isEqualTo(200);
        assertThat(ProtocolJson.read(half.body().getBytes(), ReportAnswer.class).eventsTaken())
                .isNull();
    }

    @Test
    void turnsATokenIntoAnInstanceThatReportsAndIsSeen() throws Exception {
        var alice = anyTenant();
        var stack = anyStack(alice, 1);
        var edge = enrolled(alice, stack);
        assertThat(as(alice, () -> instances.get(edge.id())).lifecycleState()).isEqualTo(LifecycleState.PENDING);
        assertThat(edge.certificate().getSubjectAlternativeNames())
                .extracting(name -> (Object) name.get(1))
                .containsExactly(
                        "spiffe://garrison/tenant/%s/stack/%s/instance/%s".formatted(alice, stack.id(), edge.id()));
        assertThat(edge.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        runAs(alice, () -> policies.save(stack.id(), 1, policy("shop", 8080)));
        runAs(alice, () -> policies.publish(stack.id(), ""));
        var boot = UUID.randomUUID();

        report(edge, report(boot, 1, 0, null, null));
        assertThat(as(alice, () -> instances.get(edge.id())).lifecycleState()).isEqualTo(LifecycleState.SYNCING);
        var desired = edge.client().get("/edge/v1/desired");
        assertThat(desired.statusCode()).isEqualTo(200);
        report(edge, report(boot, 2, 1, bundle(desired), null));

        var seen = as(alice, () -> instances.get(edge.id()));
        assertThat(seen.lifecycleState()).isEqualTo(LifecycleState.ONLINE);
        assertThat(seen.syncState()).isEqualTo(SyncState.IN_SYNC);
        assertThat(seen.health()).isEqualTo(InstanceHealth.UP);
        assertThat(seen.virtualServices()).hasSize(1);
        assertThat(seen.name()).isEqualTo("edge-1");
        assertThat(asProvider(() -> fleet.find(
                        new FleetView.Filter(
                                alice, LifecycleState.ONLINE, SyncState.IN_SYNC, InstanceHealth.UP, "EDGE"),
                        0,
                        10)))
                .hasSize(1);
        runAs(alice, () -> policies.save(stack.id(), 2, policy("shop", 8081)));
        runAs(alice, () -> policies.publish(stack.id(), ""));
        assertThat(as(alice, () -> instances.get(edge.id())).syncState()).isEqualTo(SyncState.MODIFIED);
    }

    @Test
    void ignoresAReportThatComesAfterANewerOne() throws Exception {
        var alice = anyTenant();
        var stack = anyStack(alice, 1);
        runAs(alice, () -> policies.save(stack.id(), 1, policy("shop", 8080)));
        runAs(alice, () -> policies.publish(stack.id(), ""));
        var edge = enrolled(alice, stack);
        var boot = UUID.randomUUID();
        var bundle = bundle(edge.client().get("/edge/v1/desired"));

        report(edge, report(boot, 2, 1, bundle, null));
        report(edge, report(boot, 1, 0, null, null));

        assertThat(as(alice, () -> instances.get(edge.id())).appliedRevision()).isEqualTo(1);
    }

    @Test
    void refusesEveryUnusableTokenWithOneAndTheSameBody() throws Exception {
        var alice = anyTenant();
        var stack = anyStack(alice, 5);
        var spent = token(alice, stack, 1);
        assertThat(stranger().enroll(spent, csr(key)).statusCode()).isEqualTo(201);
        var revoked = as(alice, () -> tokens.create(stack.id(), 60, 1));
        runAs(alice, () -> tokens.revoke(stack.id(), revoked.id()));
        var tampered = token(alice, stack, 1);
        tampered = tampered.substring(0, 60) + (tampered.charAt(60) == 'A' ? 'B' : 'A') + tampered.substring(61);

        var bodies = new HashSet<String>();
        for (var token : List.of(spent, revoked.token(), tampered, "gre_AAAA", "", "x".repeat(10_000))) {
            var answer = stranger().enroll(token, csr(key));
            assertThat(answer.statusCode()).isEqualTo(401);
            bodies.add(answer.body());
        }

        assertThat(bodies).hasSize(1);
    }

    @Test
    void letsExactlyAsManyOfTwentyRacingEdgesInAsTheTokenHasUses() throws Exception {
        var alice = anyTenant();
        var stack = anyStack(alice, 20);
        var token = token(alice, stack, 3);
        List<Future<Integer>> answers;

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            answers = IntStream.range(0, 20)
                    .mapToObj(i -> threads.submit(() -> {
                        var pair = EdgeClient.newKey();
                        return stranger().enroll(token, csr(pair)).statusCode();
                    }))
                    .toList();
        }

        assertThat(answers).filteredOn(answer -> answer.resultNow() == 201).hasSize(3);
        assertThat(answers).filteredOn(answer -> answer.resultNow() == 401).hasSize(17);
        assertThat(licensing.seatsTaken(stack.subLicenseId())).isEqualTo(3);
        assertThat(as(alice, () -> instances.list(stack.id(), null, 100)))
                .extracting("name")
                .containsExactlyInAnyOrder("edge-1", "edge-1-2", "edge-1-3");
    }

    @Test
    void spendsNoTokenWithoutASeatOrWithASigningRequestThatDoesNotHold() throws Exception {
        var alice = anyTenant();
        var stack = anyStack(alice, 1);
        enrolled(alice, stack);
        var token = token(alice, stack, 1);

        var noSeat = stranger().enroll(token, csr(key));
        var stolenKey = stranger().enroll(token, csr(key, EdgeClient.newKey()));

        assertThat(noSeat.statusCode()).isEqualTo(409);
        assertThat(noSeat.body()).contains("license.no-seat-left");
        assertThat(stolenKey.statusCode()).isEqualTo(422);
        assertThat(as(alice, () -> tokens.list(stack.id()))).extracting("used").containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void wakesAWaitingEdgeAtOnceWhenARevisionIsPublished() throws Exception {
        var alice = anyTenant();
        var stack = anyStack(alice, 1);
        var edge = enrolled(alice, stack);
        assertThat(edge.client().get("/edge/v1/desired").statusCode())
                .as("nothing yet")
                .isEqualTo(204);
        runAs(alice, () -> policies.save(stack.id(), 1, policy("shop", 8080)));
        runAs(alice, () -> policies.publish(stack.id(), ""));
        var first = edge.client().get("/edge/v1/desired");
        var tag = first.headers().firstValue("ETag").orElseThrow();
        assertThat(edge.client()
                        .get("/edge/v1/desired?waitSeconds=1", "If-None-Match", tag)
                        .statusCode())
                .isEqualTo(304);
        runAs(alice, () -> policies.save(stack.id(), 2, policy("shop", 9090)));

        HttpResponse<String> second;
        long published;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting =
                    threads.submit(() -> edge.client().get("/edge/v1/desired?waitSeconds=30", "If-None-Match", tag));
            Thread.sleep(Duration.ofMillis(500)); // so that it truly waits
            assertThat(waiting.isDone()).isFalse();
            runAs(alice, () -> policies.publish(stack.id(), ""));
            published = System.nanoTime();
            second = waiting.get();
        }
        long millis = (System.nanoTime() - published) / 1_000_000;

        System.out.println("desired state reached the waiting edge after " + millis + " ms");
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(bundle(second).revision()).isEqualTo(2);
        assertThat(millis).isLessThan(1_000);
        assertThat(first.headers().firstValue("ETag"))
                .isNotEqualTo(second.headers().firstValue("ETag"));
    }

    /** HC-19: what lets an instance in at its peers is its stack's alone. */
    @Test
    void givesTheInstancesOfAStackCertificatesOfAnAuthorityOfTheirOwn() throws Exception {
        var tenant = anyTenant();
        var stack = anyStack(tenant, 3);
        var one = enrolled(tenant, stack);
        var peer = enrolled(tenant, stack).answer().stackCredential();
        var other = anyTenant();
        var stranger = enrolled(other, anyStack(other, 1)).answer().stackCredential();
        var own = one.answer().stackCredential();
        var leaf = EdgeClient.certificate(own.certificateChain());

        assertThat(leaf.getPublicKey()).isEqualTo(one.key().getPublic());
        assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=" + one.id());
        leaf.verify(EdgeClient.certificate(peer.trustAnchors()).getPublicKey());
        var anchor = EdgeClient.certificate(stranger.trustAnchors()).getPublicKey();
        assertThatExceptionOfType(SignatureException.class).isThrownBy(() -> leaf.verify(anchor));
        assertThatExceptionOfType(SignatureException.class)
                .isThrownBy(() -> leaf.verify(keys.authority().certificate().getPublicKey()));
    }

    @Test
    void refusesRenewalBeforeTwoThirdsOfTheLife() throws Exception {
        var alice = anyTenant();
        var edge = enrolled(alice, anyStack(alice, 1));
        var renewal = ProtocolJson.write(new CertificateRenewal.Request(csr(EdgeClient.newKey())));

        var answer = edge.client().post("/edge/v1/certificate", renewal);

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("certificate.renewal-too-early");
    }

    @Test
    void answersNothingWithoutACertificate() throws Exception {
        for (var path : List.of("/edge/v1/desired", "/edge/v1/certificates/x")) {
            assertThat(stranger().get(path).statusCode()).as(path).isEqualTo(401);
        }
        for (var path : List.of("/edge/v1/report", "/edge/v1/telemetry", "/edge/v1/usage", "/edge/v1/certificate")) {
            assertThat(stranger().post(path, "{}".getBytes()).statusCode())
                    .as(path)
                    .isEqualTo(401);
        }
    }

    @Test
    void refusesTheCertificateOfAnotherAuthorityInTheHandshake() {
        var foreign = Authority.create(Instant.now());
        var pair = EdgeClient.newKey();
        var uri = "spiffe://garrison/tenant/%1$s/stack/%1$s/instance/%1$s".formatted(UUID.randomUUID());
        var certificate = foreign.issueClient(pair.getPublic(), uri, "x", Instant.now(), Duration.ofHours(1));
        var client = EdgeClient.with(gateway.port(), keys, pair, certificate);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> client.get("/edge/v1/desired"))
                .satisfies(e -> assertThat(e).isInstanceOf(IOException.class));
    }

    @Test
    void refusesACertificateOfOurOwnThatNoInstanceWasGiven() throws Exception {
        var pair = EdgeClient.newKey();
        var uri = "spiffe://garrison/tenant/%1$s/stack/%1$s/instance/%1$s".formatted(UUID.randomUUID());
        var certificate = keys.authority().issueClient(pair.getPublic(), uri, "x", Instant.now(), Duration.ofHours(1));

        assertThat(EdgeClient.with(gateway.port(), keys, pair, certificate)
                        .get("/edge/v1/desired")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void shutsAQuarantinedEdgeOutAtOnceEvenWhileItWaits() throws Exception {
        var alice = anyTenant();
        var stack = anyStack(alice, 1);
        var edge = enrolled(alice, stack);
        report(edge, report(UUID.randomUUID(), 1, 0, null, null));

        HttpResponse<String> waited;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = threads.submit(() -> edge.client().get("/edge/v1/desired?waitSeconds=30"));
            Thread.sleep(Duration.ofMillis(300)); // so that it truly waits
            runAs(alice, () -> instances.quarantine(edge.id(), false));
            waited = waiting.get();
        }

        assertThat(waited.statusCode()).isEqualTo(401);
        assertThat(edge.client().get("/edge/v1/desired").statusCode()).isEqualTo(401);
        assertThat(waited.body()).as("so that it leaves shared addresses").contains("\"edge.shut-out\"");
        assertThat(edge.client().get("/edge/v1/desired").body()).contains("\"edge.shut-out\"");
        assertThat(stranger().get("/edge/v1/desired").body()).contains("\"edge.unauthenticated\"");
        assertThat(as(alice, () -> instances.get(edge.id())).lifecycleState()).isEqualTo(LifecycleState.QUARANTINED);
        assertThat(licensing.seatsTaken(stack.subLicenseId()))
                .as("its seat is free")
                .isZero();
    }

    @Test
    void keepsEdgesAndPeopleApart() throws Exception {
        assertThat(stranger().get("/api/v1/tenants").statusCode()).isEqualTo(404);
        assertThat(stranger().get("/").statusCode()).isEqualTo(404);
        assertThat(stranger().get("/edge/../api/v1/tenants").statusCode()).isGreaterThanOrEqualTo(400);
        try (var plain = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/edge/v1/desired".formatted(port)));
            assertThat(plain.send(request.build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void carriesAFlushRequestToTheEdgeAndItsAnswerBack() throws Exception {
        var alice = anyTenant();
        var edge = enrolled(alice, anyStack(alice, 1));
        var boot = UUID.randomUUID();
        assertThat(report(edge, report(boot, 1, 0, null, null)).flush()).isNull();

        var flush = flushes.request();
        assertThat(flushes.progress(flush).waiting()).contains(edge.id());
        assertThat(report(edge, report(boot, 2, 0, null, null)).flush()).isEqualTo(flush);
        var acks = List.of(new MeterAck(UUID.randomUUID(), 1, 7));
        var answer = report(edge, report(boot, 3, 0, null, new Report.Flushed(flush, acks)));

        assertThat(answer.flush()).isNull();
        assertThat(flushes.progress(flush).waiting()).doesNotContain(edge.id());
        assertThat(flushes.progress(flush).answered()).containsValue(acks);
    }

    @Test
    void drainsOnRequestAndShowsItOnceTheEdgeDoes() throws Exception {
        var alice = anyTenant();
        var edge = enrolled(alice, anyStack(alice, 1));
        var boot = UUID.randomUUID();
        report(edge, report(boot, 1, 0, null, null));

        runAs(alice, () -> instances.drain(edge.id()));

        assertThat(report(edge, report(boot, 2, 0, null, null)).drain()).isTrue();
        runAs(alice, () -> instances.resume(edge.id()));
        assertThat(report(edge, report(boot, 3, 0, null, null)).drain()).isFalse();
    }

    @Test
    void handsTelemetryOnWithTheIdentityOfTheCertificateAndRefusesBombs() throws Exception {
        var alice = anyTenant();
        var stack = anyStack(alice, 1);
        var edge = enrolled(alice, stack);
        var batch = ProtocolJson.write(new Telemetry(List.of(), List.of(), List.of()));

        assertThat(edge.client().post("/edge/v1/telemetry", batch).statusCode()).isEqualTo(202);
        assertThat(edge.client()
                        .post("/edge/v1/telemetry", gzip(batch), "Content-Encoding", "gzip")
                        .statusCode())
                .isEqualTo(202);
        assertThat(edge.client()
                        .post("/edge/v1/telemetry", gzip(new byte[100_000_000]), "Content-Encoding", "gzip")
                        .body())
                .contains("request.too-large");
        assertThat(edge.client().post("/edge/v1/telemetry", new byte[5 << 20]).statusCode())
                .isEqualTo(400);
        assertThat(edge.client().post("/edge/v1/telemetry", "[[[".getBytes()).statusCode())
                .isEqualTo(400);

        assertThat(intake.taken)
                .filteredOn(from -> from.instanceId().equals(edge.id()))
                .hasSize(2)
                .allSatisfy(from -> assertThat(from.tenantId()).isEqualTo(alice));
    }

    @Test
    void refusesAReportThatIsNone() throws Exception {
        var alice = anyTenant();
        var edge = enrolled(alice, anyStack(alice, 1));

        for (var body : List.of("", "null", "{}", "[]", "{\"bootId\":7}", "{\"bootId\":\"x\"")) {
            assertThat(edge.client().post("/edge/v1/report", body.getBytes()).statusCode())
                    .as(body)
                    .isEqualTo(400);
        }
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }
}
