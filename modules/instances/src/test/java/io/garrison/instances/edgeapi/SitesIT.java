package io.garrison.instances.edgeapi;

import static io.garrison.instances.Worlds.as;
import static io.garrison.instances.Worlds.asProvider;
import static io.garrison.instances.Worlds.csr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.instances.EnrollmentTokens;
import io.garrison.instances.GatewayAddress;
import io.garrison.instances.InstallationKeys;
import io.garrison.instances.InstanceDirectory;
import io.garrison.instances.InstanceException;
import io.garrison.instances.InstanceId;
import io.garrison.instances.ServerTest;
import io.garrison.instances.SiteAdmission;
import io.garrison.instances.SiteDirectory;
import io.garrison.instances.SiteState;
import io.garrison.instances.SiteSummary;
import io.garrison.instances.StackManagement;
import io.garrison.instances.TrafficMode;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicenseAdministration;
import io.garrison.licensing.SubLicenseAdministration;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.SubLicenseId;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.licensing.file.MsspLicense;
import io.garrison.licensing.file.VendorKey;
import io.garrison.protocol.CertificateRenewal;
import io.garrison.protocol.EnrollResponse;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.SiteEnrollment;
import io.garrison.protocol.SiteReport;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantManagement;
import io.garrison.tenancy.TenantManagement.NewTenant;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** Installations of customers' own at the MSSP's gateway: who they are, and how they are heard (MS-02). */
@ServerTest
@DirtiesContext
@TestPropertySource(
        properties = {
            "test.licensing=real",
            "garrison.federation.gateway=https://mssp.example:8444",
            "garrison.federation.suspect-after=2s",
            "garrison.federation.lost-after=4s"
        })
class SitesIT {

    private static final VendorKey VENDOR = VendorKey.generate();

    @Autowired
    TenantManagement tenants;

    @Autowired
    LicenseAdministration licenses;

    @Autowired
    SubLicenseAdministration subLicenses;

    @Autowired
    StackManagement stacks;

    @Autowired
    EnrollmentTokens tokens;

    @Autowired
    SiteDirectory sites;

    @Autowired
    SiteAdmission admission;

    @Autowired
    InstanceDirectory directory;

    @Autowired
    InstallationKeys keys;

    @Autowired
    GatewayAddress gateway;

    @DynamicPropertySource
    static void vendor(DynamicPropertyRegistry registry) throws Exception {
        var file = Files.createTempFile("vendor", ".pub");
        file.toFile().deleteOnExit();
        Files.writeString(file, VENDOR.publicPem());
        registry.add("garrison.licensing.vendor-keys", file::toString);
    }

    private record Customer(TenantId tenant, SubLicenseId subLicense, String file) {}

    private record Site(UUID id, EdgeClient client, KeyPair pair) {
        HttpResponse<String> report(long serial) throws Exception {
            return client.post("/edge/v1/site-report", ProtocolJson.write(of(serial)));
        }

        private static SiteReport of(long serial) {
            return new SiteReport(
                    "STANDALONE",
                    "1.2\n3",
                    Instant.now(),
                    serial,
                    Map.of("ONLINE", 1),
                    Map.of("UP", 1),
                    0,
                    null,
                    List.of("look"));
        }
    }

    private Customer customer(DeploymentMode mode, int instances) {
        var slug = "c" + UUID.randomUUID().toString().substring(0, 8);
        var tenant = asProvider(
                        () -> tenants.create(new NewTenant("Customer", slug, mode, "a@customer.example", "UTC")))
                .id();
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        var granted = new Entitlements(instances, 1_000_000, 10, Set.of("waf"));
        var whole = new Entitlements(instances * 4L, 4_000_000, 40, Set.of("waf"));
        var text = LicenseFile.text(LicenseFile.issue(
                VENDOR,
                key -> new MsspLicense(
                        UUID.randomUUID(),
                        "Northwind",
                        now,
                        now.minusSeconds(60),
                        now.plus(Duration.ofDays(365)),
                        whole,
                        key,
                        null,
                        false)));
        var license = asProvider(() -> licenses.load(text));
        var asked = new Allocation(license.id(), now.minusSeconds(30), now.plus(Duration.ofDays(60)), 14, granted);
        var subLicense = asProvider(() -> CurrentTenant.callAs(tenant, () -> subLicenses.allocate(asked)))
                .id();
        return new Customer(tenant, subLicense, file(tenant, subLicense));
    }

    private String file(TenantId tenant, SubLicenseId subLicense) {
        return as(tenant, () -> subLicenses.file(subLicense));
    }

    private HttpResponse<String> enroll(String file, UUID installation, String mode, KeyPair pair) throws Exception {
        var request = new SiteEnrollment.Request(file, installation, csr(pair), mode, "1");
        return EdgeClient.withoutCertificate(gateway.port(), keys).post("/edge/v1/sites", ProtocolJson.write(request));
    }

    private HttpResponse<String> enroll(Customer customer) throws Exception {
        return enroll(customer.file(), UUID.randomUUID(), "STANDALONE", EdgeClient.newKey());
    }

    private Site bound(Customer customer, UUID installation, KeyPair pair) throws Exception {
        var answer = enroll(customer.file(), installation, "STANDALONE", pair);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        var bound = ProtocolJson.read(answer.body().getBytes(), SiteEnrollment.Response.class);
        var certificate = EdgeClient.certificate(bound.certificateChain());
        return new Site(bound.site(), EdgeClient.with(gateway.port(), keys, pair, certificate), pair);
    }

    private Site bound(Customer customer) throws Exception {
        return bound(customer, UUID.randomUUID(), EdgeClient.newKey());
    }

    private SiteSummary shown(Customer customer, Site site) {
        return asProvider(() -> sites.all(customer.tenant(), null, null, 10)).stream()
                .filter(each -> each.id().equals(site.id()))
                .findFirst()
                .orElseThrow();
    }

    private static void refused(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.body()).contains("\"" + code + "\"");
        assertThat(answer.statusCode()).isEqualTo(status);
    }

    @Test
    void namesTheGatewayInFilesForInstallationsOfCustomersOwnOnly() {
        var standalone = LicenseFile.unverifiedClaims(
                customer(DeploymentMode.STANDALONE, 1).file());
        var cluster =
                LicenseFile.unverifiedClaims(customer(DeploymentMode.CLUSTER, 1).file());

        assertThat(standalone.get("federation"))
                .isEqualTo(Map.of("url", "https://mssp.example:8444", "caSha256", keys.authoritySha256()));
        assertThat(cluster).doesNotContainKey("federation");
    }

    @Test
    void isKnownByItsCertificateAndShownAsItReports() throws Exception {
        var customer = customer(DeploymentMode.STANDALONE, 1);
        var site = bound(customer);
        assertThat(shown(customer, site).state()).isEqualTo(SiteState.BY_HAND);

        var answer = site.report(1);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var shown = shown(customer, site);
        assertThat(shown.state()).isEqualTo(SiteState.ONLINE);
        assertThat(shown.version()).isEqualTo("1.2?3");
        assertThat(shown.report().notices()).containsExactly("look");
        assertThat(shown.subLicenseId()).isEqualTo(customer.subLicense());
        assertThat(as(customer.tenant(), () -> sites.ofTenant(SiteState.ONLINE, null, 10)))
                .hasSize(1);
        var other = customer(DeploymentMode.STANDALONE, 1);
        assertThat(as(other.tenant(), () -> sites.ofTenant(null, null, 10))).isEmpty();
        assertThatExceptionOfType(InstanceException.NotFound.class)
                .isThrownBy(() ->
                        asProvider(() -> CurrentTenant.callAs(other.tenant(), () -> sites.unbind(site.id()))));
    }

    @Test
    void becomesSuspectAndLostBySilence() throws Exception {
        var customer = customer(DeploymentMode.STANDALONE, 1);
        var site = bound(customer);
        site.report(1);
        var states = new ArrayList<SiteState>();
        var end = Instant.now().plusSeconds(20);
        while (!states.contains(SiteState.LOST) && Instant.now().isBefore(end)) {
            var state = shown(customer, site).state();
            if (!states.contains(state)) {
                states.add(state);
            }
            Thread.sleep(100);
        }

        assertThat(states).containsExactly(SiteState.ONLINE, SiteState.SUSPECT, SiteState.LOST);
        site.report(1);
        assertThat(shown(customer, site).state()).isEqualTo(SiteState.ONLINE);
    }

    @Test
    void bindsAnInstallationAndItsKeyOnce() throws Exception {
        var customer = customer(DeploymentMode.STANDALONE, 2);
        var installation = UUID.randomUUID();
        var first = bound(customer, installation, EdgeClient.newKey());

        assertThat(bound(customer, installation, first.pair()).id()).isEqualTo(first.id());
        refused(enroll(customer.file(), installation, "STANDALONE", EdgeClient.newKey()), 409, "site.other-key");
        refused(enroll(customer.file(), UUID.randomUUID(), "STANDALONE", first.pair()), 409, "site.other-key");
    }

    @Test
    void bindsNoMoreThanTheSubLicenceIsForEvenAtOnce() throws Exception {
        var customer = customer(DeploymentMode.STANDALONE, 3);
        Callable<HttpResponse<String>> one = () -> enroll(customer);
        var statuses = new ArrayList<Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : threads.invokeAll(Collections.nCopies(8, one))) {
                statuses.add(answer.get().statusCode());
            }
        }

        assertThat(statuses).filteredOn(status -> status == 201).hasSize(3);
        assertThat(statuses).filteredOn(status -> status == 409).hasSize(5);
        refused(enroll(customer), 409, "site.too-many");
    }

    @Test
    void givesThePlaceOfOneThatIsUnboundToAnother() throws Exception {
        var customer = customer(DeploymentMode.STANDALONE, 1);
        var installation = UUID.randomUUID();
        var site = bound(customer, installation, EdgeClient.newKey());
        site.report(1);
        assertThatExceptionOfType(TenancyException.Forbidden.class)
                .isThrownBy(() -> as(customer.tenant(), () -> sites.unbind(site.id())));

        var unbound = asProvider(() -> CurrentTenant.callAs(customer.tenant(), () -> sites.unbind(site.id())));

        assertThat(unbound.state()).isEqualTo(SiteState.UNBOUND);
        assertThat(site.report(1).statusCode()).isEqualTo(401);
        refused(enroll(customer.file(), installation, "STANDALONE", site.pair()), 409, "site.unbound");
        var anew = bound(customer, installation, EdgeClient.newKey());
        assertThat(anew.id()).isNotEqualTo(site.id());
        assertThat(anew.report(1).statusCode()).isEqualTo(200);
    }

    @Test
    void bindsNothingToWhatWasNotIssuedHereOrIsNotInForce() throws Exception {
        var customer = customer(DeploymentMode.STANDALONE, 1);
        var cluster = customer(DeploymentMode.CLUSTER, 1);
        var pair = EdgeClient.newKey();
        var file = customer.file();
        var tampered = file.substring(0, file.length() - 4) + (file.endsWith("AAAA") ? "BBBB" : "AAAA");

        refused(enroll(tampered, UUID.randomUUID(), "STANDALONE", pair), 401, "site.unknown-sub-license");
        refused(enroll("x", UUID.randomUUID(), "STANDALONE", pair), 401, "site.unknown-sub-license");
        refused(enroll(file, UUID.randomUUID(), "CENTRALIZED", pair), 422, "site.wrong-mode");
        refused(enroll(cluster.file(), UUID.randomUUID(), "CLUSTER", pair), 422, "site.wrong-mode");
        asProvider(() -> CurrentTenant.callAs(customer.tenant(), () -> subLicenses.revoke(customer.subLicense())));
        refused(enroll(file, UUID.randomUUID(), "STANDALONE", pair), 422, "site.not-in-force");
    }

    @Test
    void hearsOnOneThatWasBoundAndGivesItTheNewerFile() throws Exception {
        var customer = customer(DeploymentMode.STANDALONE, 1);
        var site = bound(customer);
        assertThat(answer(site.report(1)).subLicense()).isNull();
        asProvider(() -> CurrentTenant.callAs(customer.tenant(), () -> subLicenses.revoke(customer.subLicense())));

        var newer = answer(site.report(1)).subLicense();

        assertThat(newer).isEqualTo(file(customer.tenant(), customer.subLicense()));
        assertThat(LicenseFile.serialOf(newer)).isEqualTo(2);
        assertThat(answer(site.report(2)).subLicense()).isNull();
    }

    private static SiteReport.Answer answer(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return ProtocolJson.read(response.body().getBytes(), SiteReport.Answer.class);
    }

    private EnrollResponse joined(Customer customer, KeyPair pair) throws Exception {
        var stack =
                as(customer.tenant(), () -> stacks.create("edge", customer.subLicense(), TrafficMode.ACTIVE_ACTIVE));
        var token =
                as(customer.tenant(), () -> tokens.create(stack.id(), 60, 1)).token();
        var joined = EdgeClient.withoutCertificate(gateway.port(), keys).enroll(token, csr(pair));
        return ProtocolJson.read(joined.body().getBytes(), EnrollResponse.class);
    }

    @Test
    void tellsWhichSitesAreBoundAndWhichInstancesAreATenants() throws Exception {
        var customer = customer(DeploymentMode.STANDALONE, 2);
        var other = customer(DeploymentMode.STANDALONE, 2);
        var site = bound(customer);
        var gone = bound(customer);
        asProvider(() -> CurrentTenant.callAs(customer.tenant(), () -> sites.unbind(gone.id())));
        var stranger = bound(other);
        var instance = new InstanceId(joined(customer, EdgeClient.newKey()).instanceId());
        var asked = List.of(new InstanceId(UUID.randomUUID()), instance);

        assertThat(ProviderScope.call(() -> admission.bound(customer.tenant()))).containsExactly(site.id());
        assertThat(ProviderScope.call(() -> admission.bound(other.tenant()))).containsExactly(stranger.id());
        assertThat(ProviderScope.call(() -> directory.known(customer.tenant(), asked)))
                .containsExactly(instance);
        assertThat(ProviderScope.call(() -> directory.known(other.tenant(), asked)))
                .isEmpty();
    }

    @Test
    void keepsSitesAndInstancesApart() throws Exception {
        var customer = customer(DeploymentMode.STANDALONE, 2);
        var site = bound(customer);
        var pair = EdgeClient.newKey();
        var enrolled = joined(customer, pair);
        var edge = EdgeClient.with(gateway.port(), keys, pair, EdgeClient.certificate(enrolled));
        byte[] renewal = ProtocolJson.write(new CertificateRenewal.Request(csr(pair)));

        for (var path : List.of("/edge/v1/report", "/edge/v1/telemetry", "/edge/v1/certificate")) {
            refused(site.client().post(path, renewal), 401, "edge.unauthenticated");
        }
        refused(site.client().get("/edge/v1/desired"), 401, "edge.unauthenticated");
        for (var path : List.of("/edge/v1/site-report", "/edge/v1/site-certificate")) {
            refused(edge.post(path, renewal), 401, "edge.unauthenticated");
        }
        refused(
                EdgeClient.withoutCertificate(gateway.port(), keys).post("/edge/v1/site-report", renewal),
                401,
                "edge.unauthenticated");
        // The one door for both: an instance's registers go to Kafka, a site's to whoever takes ledgers; here nobody
        // does.
        assertThat(edge.post("/edge/v1/usage", "{}".getBytes()).statusCode()).isEqualTo(202);
        refused(site.client().post("/edge/v1/usage", "{}".getBytes()), 503, "unavailable");
    }

    @Test
    void renewsForTheBoundKeyAndNotBeforeItIsTime() throws Exception {
        var site = bound(customer(DeploymentMode.STANDALONE, 1));
        byte[] renewal = ProtocolJson.write(new CertificateRenewal.Request(csr(site.pair())));

        refused(site.client().post("/edge/v1/site-certificate", renewal), 409, "certificate.renewal-too-early");
    }
}
