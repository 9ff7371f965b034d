package io.garrison.licensing;

import static io.garrison.TestDatabase.count;
import static io.garrison.licensing.LicensingWorld.asAdmin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.SettableClock;
import io.garrison.licensing.LicenseException.NoSeatLeft;
import io.garrison.licensing.LicenseException.OfflineLeaseRefused;
import io.garrison.licensing.SubLicenseLoading.LoadedSubLicense;
import io.garrison.licensing.SubLicenseLoading.Outcome;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.licensing.file.LicenseFixture;
import io.garrison.licensing.file.SubLicense;
import io.garrison.licensing.file.SubLicense.Holder;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What a newer file that grants less does where it is loaded. */
@ApplicationModuleTest(BootstrapMode.ALL_DEPENDENCIES)
class LoadedLimitsIT {

    @Autowired
    SubLicenseLoading loading;

    @Autowired
    InstanceSeats seats;

    @Autowired
    ConsumptionView consumption;

    @Autowired
    TestTenants tenants;

    @Autowired
    SettableClock clock;

    private TenantId tenant;
    private SubLicenseId id;
    private LicenseFile.Loaded parent;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        LicensingWorld.properties(registry);
    }

    @BeforeEach
    void goByTheLatestTime() {
        tenants.catchUp(clock);
        tenant = new TenantId(UUID.randomUUID());
        id = new SubLicenseId(UUID.randomUUID());
        parent = LicenseFixture.issue(
                LicensingWorld.VENDOR,
                LicensingWorld.instances(10),
                clock.instant(),
                clock.instant().plus(Duration.ofDays(365)),
                null,
                false);
    }

    @Test
    void takesTheNewestSeatsAwayThatANewerFileNoLongerGrants() {
        load(1, 10, 0, Overages.NONE);
        var instances = run(10);

        assertThat(load(2, 2, 0, Overages.NONE).outcome()).isEqualTo(Outcome.REPLACED);

        instances.subList(0, 2).forEach(this::lease);
        assertThat(instances.subList(2, 10))
                .allSatisfy(
                        instance -> assertThatExceptionOfType(NoSeatLeft.class).isThrownBy(() -> lease(instance)));
        assertThat(count("select count(*) from tenancy.audit_entry where action = 'sub-license.seats-cut'"
                        + " and object_id = '" + id + "'"))
                .isEqualTo(1);
    }

    @Test
    void letsThemKeepTheirSeatsForTheGraceOfTheFile() {
        load(1, 10, 14, Overages.NONE);
        var instances = run(10);

        load(2, 2, 14, Overages.NONE);

        instances.forEach(this::lease);
        assertThatExceptionOfType(OfflineLeaseRefused.class)
                .isThrownBy(() -> leaseOffline(instances.getLast(), 15))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("lease.beyond-grace"));
        assertThat(leaseOffline(instances.getLast(), 14))
                .isEqualTo(clock.instant().plus(Duration.ofDays(14)));
        assertThat(leaseOffline(instances.getFirst(), 15))
                .isEqualTo(clock.instant().plus(Duration.ofDays(15)));
        clock.move(Duration.ofDays(14));
        assertThatExceptionOfType(NoSeatLeft.class).isThrownBy(() -> {
            lease(instances.get(1));
            lease(instances.getLast());
        });
    }

    @Test
    void letsThoseStayForWhomAYetNewerFileHasRoom() {
        load(1, 3, 14, Overages.NONE);
        var instances = run(3);
        load(2, 1, 14, Overages.NONE);

        load(3, 2, 14, Overages.NONE);

        assertThat(leaseOffline(instances.get(1), 15)).isEqualTo(clock.instant().plus(Duration.ofDays(15)));
        assertThatExceptionOfType(OfflineLeaseRefused.class).isThrownBy(() -> leaseOffline(instances.get(2), 15));
    }

    @Test
    void writesDownFromThenOnWhatGoesBeyondTheNewLimitByItsRule() {
        load(1, 3, 0, Overages.NONE);
        var instances = run(3);

        load(2, 1, 0, new Overages(Map.of(Metric.INSTANCES, Overage.upTo(2))));

        assertThat(asAdmin(tenant, () -> consumption.overage(id, null, 10)))
                .singleElement()
                .satisfies(open -> {
                    assertThat(open.amount()).isEqualTo(1);
                    assertThat(open.limit()).isEqualTo(1);
                    assertThat(open.from()).isEqualTo(clock.instant());
                    assertThat(open.to()).isNull();
                });
        lease(instances.get(1));
        assertThatExceptionOfType(NoSeatLeft.class).isThrownBy(() -> lease(instances.get(2)));
    }

    private LoadedSubLicense load(long serial, long instances, int graceDays, Overages overages) {
        var claims = new SubLicense(
                id.value(),
                parent.license().id(),
                tenant.value(),
                "CLUSTER",
                clock.instant(),
                parent.license().from(),
                parent.license().from().plus(Duration.ofDays(300)),
                graceDays,
                new Entitlements(instances, 1_000_000, 10, Set.of("waf")),
                serial,
                new Holder("Contoso Ltd", "c" + tenant.toString().substring(0, 8), "Europe/Vienna", "it@c.example"),
                overages,
                false);
        return asAdmin(() -> loading.load(LicenseFixture.sign(parent, claims)));
    }

    /** The oldest first. */
    private List<UUID> run(int instances) {
        return IntStream.range(0, instances)
                .mapToObj(each -> {
                    clock.move(Duration.ofSeconds(1));
                    var instance = UUID.randomUUID();
                    lease(instance);
                    return instance;
                })
                .toList();
    }

    private void lease(UUID instance) {
        CurrentTenant.runAs(tenant, () -> seats.lease(id, instance));
    }

    private Instant leaseOffline(UUID instance, int days) {
        return CurrentTenant.callAs(tenant, () -> seats.leaseOffline(id, instance, days))
                .until();
    }
}
