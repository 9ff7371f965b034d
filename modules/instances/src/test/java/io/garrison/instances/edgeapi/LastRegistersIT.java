package io.garrison.instances.edgeapi;

import static io.garrison.instances.Worlds.anyTenant;
import static io.garrison.instances.Worlds.as;
import static io.garrison.instances.Worlds.csr;
import static io.garrison.instances.Worlds.runAs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.instances.EnrollmentTokens;
import io.garrison.instances.GatewayAddress;
import io.garrison.instances.InstallationKeys;
import io.garrison.instances.InstanceDirectory;
import io.garrison.instances.InstanceException;
import io.garrison.instances.InstanceId;
import io.garrison.instances.InstanceManagement;
import io.garrison.instances.ServerTest;
import io.garrison.instances.StackManagement;
import io.garrison.instances.StackSummary;
import io.garrison.instances.TestLicensing;
import io.garrison.instances.TrafficMode;
import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.CertificateRenewal;
import io.garrison.protocol.EnrollResponse;
import io.garrison.protocol.MetersTaken;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.Telemetry;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Who is out of its stack delivers what it has counted, and does nothing else. */
@ServerTest
class LastRegistersIT {

    private static final byte[] NO_METERS = ProtocolJson.write(new Telemetry(List.of(), List.of(), List.of()));

    @Autowired
    StackManagement stacks;

    @Autowired
    EnrollmentTokens tokens;

    @Autowired
    InstanceManagement instances;

    @Autowired
    InstanceDirectory directory;

    @Autowired
    TestLicensing licensing;

    @Autowired
    RecordingIntake intake;

    @Autowired
    InstallationKeys keys;

    @Autowired
    GatewayAddress gateway;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    PlatformTransactionManager transactions;

    private final TenantId alice = anyTenant();
    private SubLicenseId subLicense;
    private StackSummary stack;
    private EdgeClient client;
    private InstanceId edge;

    @BeforeEach
    void anEdge() throws Exception {
        subLicense = licensing.sell(alice, 1, 1);
        stack = as(alice, () -> stacks.create("edge", subLicense, TrafficMode.ACTIVE_ACTIVE));
        var token = as(alice, () -> tokens.create(stack.id(), 60, 1)).token();
        var pair = EdgeClient.newKey();
        var answer = EdgeClient.withoutCertificate(gateway.port(), keys).enroll(token, csr(pair));
        var enrolled = ProtocolJson.read(answer.body().getBytes(), EnrollResponse.class);
        client = EdgeClient.with(gateway.port(), keys, pair, EdgeClient.certificate(enrolled));
        edge = new InstanceId(enrolled.instanceId());
        assertThat(client.get("/edge/v1/desired").statusCode()).isEqualTo(204);
    }

    @Test
    void areTakenOfADecommissionedInstanceAndNothingElseIs() throws Exception {
        var until = as(alice, () -> instances.decommission(edge, false)).registersUntil();

        var answer = client.post("/edge/v1/usage", NO_METERS);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(ProtocolJson.read(answer.body().getBytes(), MetersTaken.class)
                        .acks())
                .isEmpty();
        assertThat(intake.taken.getLast().instanceId()).isEqualTo(edge);
        assertThat(until)
                .isBetween(
                        Instant.now().plus(Duration.ofDays(14)).minusSeconds(60),
                        Instant.now().plus(Duration.ofDays(14)));
        var renewal = ProtocolJson.write(new CertificateRenewal.Request(csr(EdgeClient.newKey())));
        requireShutOut("/edge/v1/telemetry", NO_METERS);
        requireShutOut("/edge/v1/report", "{}".getBytes());
        requireShutOut("/edge/v1/certificate", renewal);
        for (var path : List.of("/edge/v1/desired", "/edge/v1/certificates/x")) {
            assertThat(client.get(path).body()).as(path).contains("\"edge.shut-out\"");
        }

        runAs(alice, () -> stacks.delete(stack.id(), -1));
        assertThat(delivered()).as("its stack is gone").isEqualTo(202);
        over();
        requireShutOut("/edge/v1/usage", NO_METERS);
    }

    /** Whoever has its key might write into the bill. */
    @Test
    void areTakenOfAQuarantinedInstanceOnlyIfAPersonSaysSo() throws Exception {
        assertThatExceptionOfType(InstanceException.IllegalTransition.class)
                .isThrownBy(() -> as(alice, () -> instances.takeRegisters(edge, true)));
        runAs(alice, () -> instances.quarantine(edge, false));
        requireShutOut("/edge/v1/usage", NO_METERS);

        runAs(alice, () -> instances.takeRegisters(edge, true));
        assertThat(delivered()).isEqualTo(202);
        requireShutOut("/edge/v1/report", "{}".getBytes());
        runAs(alice, () -> instances.decommission(edge, false));
        assertThat(delivered()).as("trusted before").isEqualTo(202);

        runAs(alice, () -> instances.takeRegisters(edge, false));
        requireShutOut("/edge/v1/usage", NO_METERS);
        assertThatExceptionOfType(InstanceException.NotFound.class)
                .isThrownBy(() -> as(anyTenant(), () -> instances.takeRegisters(edge, true)));
    }

    @Test
    void areNotTakenOfAQuarantinedInstanceThatIsDecommissioned() throws Exception {
        runAs(alice, () -> instances.quarantine(edge, false));
        runAs(alice, () -> instances.decommission(edge, false));

        requireShutOut("/edge/v1/usage", NO_METERS);
    }

    /** Else whoever has its key could write into the tenant's charts and logs. */
    @Test
    void bringNothingElseAlong() throws Exception {
        var sample = new Telemetry.Sample(
                UUID.randomUUID(), Instant.now(), 10, "shop", 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1);
        var event = new Telemetry.AccessEvent(
                UUID.randomUUID(),
                Instant.now(),
                "shop",
                "192.0.2.7",
                40_000,
                null,
                null,
                null,
                null,
                200,
                1,
                1,
                1,
                null,
                null,
                "----",
                "ALLOWED",
                null);
        runAs(alice, () -> instances.decommission(edge, false));

        for (var batch : List.of(
                new Telemetry(List.of(), List.of(sample), List.of()),
                new Telemetry(List.of(), List.of(), List.of(event)))) {
            var answer = client.post("/edge/v1/usage", ProtocolJson.write(batch));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("telemetry.meters-only");
        }
        assertThat(intake.taken).noneMatch(from -> from.instanceId().equals(edge));
    }

    /** The stack may be deleted, and come back with a move of its configuration, before they have all arrived. */
    @Test
    void areBilledToWhatTheInstanceRanOnAndNotToWhatItsStackRunsOnLater() throws Exception {
        var other = licensing.sell(alice, 1, 1);
        assertThat(delivered()).isEqualTo(202);
        runsOn(other);
        assertThat(delivered()).isEqualTo(202);
        runAs(alice, () -> instances.decommission(edge, false));
        runsOn(subLicense);

        assertThat(delivered()).isEqualTo(202);

        var billed = intake.billed;
        assertThat(billed.subList(billed.size() - 3, billed.size())).containsExactly(subLicense, other, other);
    }

    /** From then on there is no silence on its bill. */
    @Test
    void areOfAnInstanceWhoseLeavingTheBillGoesBy() {
        runAs(alice, () -> instances.quarantine(edge, false));
        assertThat(as(alice, () -> directory.retired(List.of(edge))))
                .as("it may serve on")
                .isEmpty();

        runAs(alice, () -> instances.decommission(edge, false));

        var left = as(alice, () -> directory.retired(List.of(edge)));
        assertThat(left).containsOnlyKeys(edge);
        assertThat(left.get(edge)).isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(ProviderScope.call(() -> directory.retired(List.of(edge)))).isEqualTo(left);
        assertThat(as(anyTenant(), () -> directory.retired(List.of(edge)))).isEmpty();
    }

    private int delivered() throws Exception {
        return client.post("/edge/v1/usage", NO_METERS).statusCode();
    }

    private void requireShutOut(String path, byte[] body) throws Exception {
        var answer = client.post(path, body);
        assertThat(answer.statusCode()).as(path).isEqualTo(401);
        assertThat(answer.body()).as(path).contains("\"edge.shut-out\"");
    }

    private void over() {
        change("update instances.instance set registers_until = now() - interval '1 s'");
    }

    private void runsOn(SubLicenseId other) {
        change("update instances.stack set sub_license_id = '" + other.value() + "'");
    }

    private void change(String sql) {
        as(
                alice,
                () -> new TransactionTemplate(transactions)
                        .execute(status -> jdbc.sql(sql).update()));
    }
}
