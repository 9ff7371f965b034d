package io.garrison.instances;

import static io.garrison.instances.Worlds.as;
import static io.garrison.instances.Worlds.asProvider;
import static io.garrison.instances.Worlds.csr;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.instances.pki.Authority;
import io.garrison.licensing.ConsumptionView;
import io.garrison.licensing.ConsumptionView.Line;
import io.garrison.licensing.ConsumptionView.State;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicenseAdministration;
import io.garrison.licensing.Metric;
import io.garrison.licensing.Overage;
import io.garrison.licensing.Overage.Policy;
import io.garrison.licensing.Overages;
import io.garrison.licensing.SubLicenseAdministration;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.SubLicenseId;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.licensing.file.MsspLicense;
import io.garrison.licensing.file.VendorKey;
import io.garrison.protocol.EnrollRequest;
import io.garrison.protocol.Report;
import io.garrison.protocol.SyncState;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantManagement;
import io.garrison.tenancy.TenantManagement.NewTenant;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** What instances report becomes overage of a real sub-licence. */
@ServerTest
@DirtiesContext
@TestPropertySource(properties = "test.licensing=real")
class ThroughputOverageIT {

    private static final VendorKey VENDOR = VendorKey.generate();
    private static final long MEGABIT = 1_000_000;

    @Autowired
    TenantManagement tenants;

    @Autowired
    LicenseAdministration licenses;

    @Autowired
    SubLicenseAdministration subLicenses;

    @Autowired
    ConsumptionView consumption;

    @Autowired
    StackManagement stacks;

    @Autowired
    EnrollmentTokens tokens;

    @Autowired
    EdgeEnrollment enrollment;

    @Autowired
    EdgeService edges;

    @Autowired
    ThroughputTelling telling;

    private final UUID boot = UUID.randomUUID();
    private long sequence;

    @DynamicPropertySource
    static void vendor(DynamicPropertyRegistry registry) throws Exception {
        var file = Files.createTempFile("vendor", ".pub");
        file.toFile().deleteOnExit();
        Files.writeString(file, VENDOR.publicPem());
        registry.add("garrison.licensing.vendor-keys", file::toString);
    }

    @Test
    void recordsWhatGoesBeyondTheLimitAsLongAsItDoes() {
        var tenant = asProvider(() -> tenants.create(new NewTenant(
                        "Customer",
                        "c" + UUID.randomUUID().toString().substring(0, 8),
                        DeploymentMode.CLUSTER,
                        "a@customer.example",
                        "UTC")))
                .id();
        var subLicense = sold(tenant);
        var edge = enrolled(tenant, subLicense);
        report(edge, 0, 0);
        assertThat(line(tenant, subLicense).state()).as("nobody told yet").isEqualTo(State.UNKNOWN);
        report(edge, 1_000, 3_000 * MEGABIT / 8);
        var end = ThroughputWindows.windowOf(Instant.now()).plus(ThroughputWindows.LENGTH);

        telling.tell(end.plusSeconds(31));

        var over = line(tenant, subLicense);
        assertThat(over.state()).isEqualTo(State.OVER);
        assertThat(over.used())
                .as("10 Mbit/s, unless the second belongs to two windows")
                .isBetween(2 * MEGABIT, 10 * MEGABIT);
        assertThat(over.over()).isEqualTo(over.used() - MEGABIT);
        assertThat(as(tenant, () -> consumption.overage(subLicense, null, 10)))
                .singleElement()
                .matches(interval -> interval.metric() == Metric.THROUGHPUT_BPS
                        && interval.to() == null
                        && interval.amount() == over.over());

        telling.tell(end.plus(ThroughputWindows.LENGTH.multipliedBy(2)).plusSeconds(31));

        assertThat(line(tenant, subLicense).used()).isZero();
        assertThat(as(tenant, () -> consumption.overage(subLicense, null, 10)))
                .allMatch(interval -> interval.to() != null);
    }

    private Line line(TenantId tenant, SubLicenseId subLicense) {
        return as(tenant, () -> consumption.of(subLicense)).stream()
                .filter(line -> line.metric() == Metric.THROUGHPUT_BPS)
                .findFirst()
                .orElseThrow();
    }

    private SubLicenseId sold(TenantId tenant) {
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        var granted = new Entitlements(2, MEGABIT, 10, Set.of());
        var file = LicenseFile.text(LicenseFile.issue(
                VENDOR,
                key -> new MsspLicense(
                        UUID.randomUUID(),
                        "Northwind",
                        now,
                        now.minusSeconds(60),
                        now.plus(Duration.ofDays(365)),
                        granted,
                        key,
                        null,
                        false)));
        var license = asProvider(() -> licenses.load(file));
        var asked = new Allocation(
                license.id(),
                now.minusSeconds(30),
                now.plus(Duration.ofDays(60)),
                14,
                granted,
                new Overages(Map.of(Metric.THROUGHPUT_BPS, new Overage(Policy.BILL, null))));
        return asProvider(() -> CurrentTenant.callAs(tenant, () -> subLicenses.allocate(asked)))
                .id();
    }

    private EdgeIdentity enrolled(TenantId tenant, SubLicenseId subLicense) {
        var stack = as(tenant, () -> stacks.create("edge", subLicense, TrafficMode.ACTIVE_ACTIVE));
        var token = as(tenant, () -> tokens.create(stack.id(), 60, 1)).token();
        var enrolled = enrollment.enroll(new EnrollRequest(token, csr(Authority.newKeyPair()), Map.of()), "192.0.2.1");
        return new EdgeIdentity(tenant, stack.id(), new InstanceId(enrolled.instanceId()));
    }

    private void report(EdgeIdentity edge, long measuredMs, long bytesOut) {
        var report = new Report(
                boot,
                ++sequence,
                Instant.now(),
                0,
                null,
                null,
                SyncState.NEVER_APPLIED,
                null,
                false,
                false,
                "ACTIVE",
                "0.1.0",
                null,
                List.of(),
                new Report.SpoolState(0, 0, 0, 0),
                null,
                null,
                new Report.Throughput(0, null, "NONE", null, measuredMs, 0, bytesOut, 0, 0),
                null);
        var share = CurrentTenant.callAs(edge.tenantId(), () -> edges.report(edge, report))
                .share();
        assertThat(share).isNotNull();
        assertThat(share.bps()).as("BILL does not limit").isNull();
    }
}
