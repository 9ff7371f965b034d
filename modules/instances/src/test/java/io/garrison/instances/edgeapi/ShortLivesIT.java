package io.garrison.instances.edgeapi;

import static io.garrison.instances.Worlds.anyTenant;
import static io.garrison.instances.Worlds.as;
import static io.garrison.instances.Worlds.csr;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.instances.EnrollmentTokens;
import io.garrison.instances.GatewayAddress;
import io.garrison.instances.InstallationKeys;
import io.garrison.instances.InstanceId;
import io.garrison.instances.InstanceManagement;
import io.garrison.instances.ServerTest;
import io.garrison.instances.StackManagement;
import io.garrison.instances.TestLicensing;
import io.garrison.instances.TrafficMode;
import io.garrison.instances.pki.Authority;
import io.garrison.protocol.CertificateRenewal;
import io.garrison.protocol.EnrollResponse;
import io.garrison.protocol.ProtocolJson;
import io.garrison.tenancy.TenantId;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@ServerTest
@DirtiesContext
@TestPropertySource(
        properties = {
            "garrison.instances.certificate-lifetime=9s",
            "garrison.instances.heartbeat=2s",
            "garrison.instances.last-registers=1h"
        })
class ShortLivesIT {

    @Autowired
    StackManagement stacks;

    @Autowired
    EnrollmentTokens tokens;

    @Autowired
    TestLicensing licensing;

    @Autowired
    InstallationKeys keys;

    @Autowired
    GatewayAddress gateway;

    @Autowired
    InstanceManagement instances;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    PlatformTransactionManager transactions;

    private static void sleepUntil(Instant at) throws InterruptedException {
        var left = Duration.between(Instant.now(), at);
        if (left.isPositive()) {
            Thread.sleep(left);
        }
    }

    private BigInteger serverSerial() throws Exception {
        return ((X509Certificate) EdgeClient.serverCertificate(gateway.port(), keys)).getSerialNumber();
    }

    @Test
    void renewsFromTwoThirdsOnAndRefusesWhatIsOverWhileTheGatewayRenewsItsOwn() throws Exception {
        var alice = anyTenant();
        var subLicense = licensing.sell(alice, 2, 1);
        var stack = as(alice, () -> stacks.create("edge", subLicense, TrafficMode.ACTIVE_ACTIVE));
        var token = as(alice, () -> tokens.create(stack.id(), 60, 2)).token();
        var gatewayBefore = serverSerial();
        var silentKey = EdgeClient.newKey();
        var silent = enroll(token, silentKey);
        var pair = EdgeClient.newKey();
        var enrolled = enroll(token, pair);
        assertThat(enrolled.heartbeatSeconds()).isEqualTo(2);
        var first = EdgeClient.certificate(enrolled);
        var client = EdgeClient.with(gateway.port(), keys, pair, first);
        var ends = first.getNotAfter().toInstant();
        var next = EdgeClient.newKey();
        var renewal = ProtocolJson.write(new CertificateRenewal.Request(csr(next)));

        assertThat(client.post("/edge/v1/certificate", renewal).statusCode()).isEqualTo(409);
        sleepUntil(ends.minusMillis(2_500));
        var renewed = client.post("/edge/v1/certificate", renewal);
        assertThat(renewed.statusCode()).as(renewed.body()).isEqualTo(200);
        var second =
                EdgeClient.certificate(ProtocolJson.read(renewed.body().getBytes(), CertificateRenewal.Response.class)
                        .certificateChain());
        assertThat(client.get("/edge/v1/desired").statusCode())
                .as("the older one holds to its end")
                .isEqualTo(204);
        sleepUntil(ends.plusMillis(200));
        assertThat(client.get("/edge/v1/desired").statusCode())
                .as("on a connection that outlives it")
                .isEqualTo(401);
        assertThat(EdgeClient.with(gateway.port(), keys, next, second)
                        .get("/edge/v1/desired")
                        .statusCode())
                .isEqualTo(204);
        assertThat(serverSerial()).isNotEqualTo(gatewayBefore);
        requireTheWayBack(pair, first, next, second);
        requireNoWayBackForWhoWasTakenOut(
                alice, new InstanceId(silent.instanceId()), EdgeClient.certificate(silent), silentKey);
    }

    /** A key that was found on an old disk opens nothing. */
    @Test
    void letsNobodyBackWhoseCertificateIsOverForThreeMonths() throws Exception {
        var alice = anyTenant();
        var subLicense = licensing.sell(alice, 1, 1);
        var stack = as(alice, () -> stacks.create("edge", subLicense, TrafficMode.ACTIVE_ACTIVE));
        var pair = EdgeClient.newKey();
        var first = EdgeClient.certificate(enroll(
                as(alice, () -> tokens.create(stack.id(), 60, 1)).token(), pair));
        var stranger = EdgeClient.withoutCertificate(gateway.port(), keys);

        assertThat(late(stranger, asOver(alice, first, pair, Duration.ofDays(91)), pair))
                .isEqualTo(401);
        assertThat(late(stranger, asOver(alice, first, pair, Duration.ofDays(89)), pair))
                .isEqualTo(200);
    }

    /** As if that had been its last one. */
    private X509Certificate asOver(TenantId tenant, X509Certificate first, KeyPair pair, Duration ago)
            throws Exception {
        var name = first.getSubjectAlternativeNames().iterator().next().get(1).toString();
        var ended = Instant.now().minus(ago);
        var life = Duration.ofSeconds(9);
        var certificate = keys.authority().issueClient(pair.getPublic(), name, "edge", ended.minus(life), life);
        as(
                tenant,
                () -> new TransactionTemplate(transactions)
                        .execute(status -> jdbc.sql(
                                        "update instances.instance_certificate set serial = ?, issued_at = ?, not_after = ?")
                                .params(
                                        certificate.getSerialNumber().toString(16),
                                        ended.minus(life).atOffset(ZoneOffset.UTC),
                                        ended.atOffset(ZoneOffset.UTC))
                                .update()));
        return certificate;
    }

    private EnrollResponse enroll(String token, KeyPair pair) throws Exception {
        var answer = EdgeClient.withoutCertificate(gateway.port(), keys).enroll(token, csr(pair));
        return ProtocolJson.read(answer.body().getBytes(), EnrollResponse.class);
    }

    /** F8: who was cut off for longer than a certificate holds comes back by its key, and nobody else does. */
    private void requireTheWayBack(KeyPair former, X509Certificate first, KeyPair key, X509Certificate over)
            throws Exception {
        var stranger = EdgeClient.withoutCertificate(gateway.port(), keys);
        assertThat(late(stranger, over, key)).as("not over").isEqualTo(409);
        sleepUntil(over.getNotAfter().toInstant().plusMillis(200));
        assertThat(late(stranger, first, former)).as("not the newest").isEqualTo(401);
        assertThat(late(stranger, over, EdgeClient.newKey())).as("another key").isEqualTo(422);
        var elsewhere = Authority.create(Instant.now())
                .issueClient(
                        key.getPublic(),
                        over.getSubjectAlternativeNames()
                                .iterator()
                                .next()
                                .get(1)
                                .toString(),
                        "edge",
                        Instant.now().minusSeconds(60),
                        Duration.ofSeconds(30));
        assertThat(late(stranger, elsewhere, key)).as("another authority").isEqualTo(401);

        var answer = stranger.post("/edge/v1/late-certificate", lateRequest(over, key));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var third =
                EdgeClient.certificate(ProtocolJson.read(answer.body().getBytes(), CertificateRenewal.Response.class)
                        .certificateChain());
        assertThat(EdgeClient.with(gateway.port(), keys, key, third)
                        .get("/edge/v1/desired")
                        .statusCode())
                .isEqualTo(204);
        assertThat(late(stranger, over, key)).as("twice").isEqualTo(401);
        assertThat(stranger.post("/edge/v1/late-certificate", "{}".getBytes()).statusCode())
                .isEqualTo(400);
    }

    private void requireNoWayBackForWhoWasTakenOut(
            TenantId tenant, InstanceId instance, X509Certificate over, KeyPair key) throws Exception {
        as(tenant, () -> instances.quarantine(instance, false));
        var stranger = EdgeClient.withoutCertificate(gateway.port(), keys);

        var answer = stranger.post("/edge/v1/late-certificate", lateRequest(over, key));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("edge.shut-out");
        requireAWayForItsLastRegisters(tenant, instance, over, key, stranger);
    }

    /** What it counted while it was cut off is billed, if a person lets it; it comes back to nothing else. */
    private void requireAWayForItsLastRegisters(
            TenantId tenant, InstanceId instance, X509Certificate over, KeyPair key, EdgeClient stranger)
            throws Exception {
        var until = as(tenant, () -> instances.takeRegisters(instance, true)).registersUntil();
        assertThat(until)
                .isBetween(Instant.now().plusSeconds(3_540), Instant.now().plusSeconds(3_600));

        var answer = stranger.post("/edge/v1/late-certificate", lateRequest(over, key));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var issued = ProtocolJson.read(answer.body().getBytes(), CertificateRenewal.Response.class);
        assertThat(issued.stackCredential()).as("its stack goes on without it").isNull();
        var client = EdgeClient.with(gateway.port(), keys, key, EdgeClient.certificate(issued.certificateChain()));
        assertThat(client.post("/edge/v1/usage", "{}".getBytes()).statusCode()).isEqualTo(202);
        assertThat(client.get("/edge/v1/desired").body()).contains("edge.shut-out");
        assertThat(late(stranger, over, key)).as("twice").isEqualTo(401);
    }

    private static int late(EdgeClient stranger, X509Certificate over, KeyPair key) throws Exception {
        return stranger.post("/edge/v1/late-certificate", lateRequest(over, key))
                .statusCode();
    }

    private static byte[] lateRequest(X509Certificate over, KeyPair key) {
        return ProtocolJson.write(new CertificateRenewal.LateRequest(Authority.pem(over), csr(key)));
    }
}
