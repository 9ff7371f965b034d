package io.garrison.licensing;

import static io.garrison.licensing.LicensingWorld.asAdmin;
import static io.garrison.licensing.LicensingWorld.asMember;
import static io.garrison.licensing.LicensingWorld.atOnce;
import static io.garrison.licensing.LicensingWorld.instances;
import static io.garrison.licensing.LicensingWorld.licence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.SettableClock;
import io.garrison.licensing.LicenseException.UnknownNotice;
import io.garrison.licensing.LicenseNotice.Kind;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;

@ApplicationModuleTest(BootstrapMode.ALL_DEPENDENCIES)
class NoticesIT {

    @Autowired
    LicenseAdministration licenses;

    @Autowired
    SubLicenseAdministration subLicenses;

    @Autowired
    InstanceSeats seats;

    @Autowired
    LicenseNotices notices;

    @Autowired
    NoticeSweep sweep;

    @Autowired
    Installation installation;

    @Autowired
    LicensingSettings settings;

    @Autowired
    TestTenants tenants;

    @Autowired
    SettableClock clock;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    PlatformTransactionManager transactions;

    private TenantId tenant;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        LicensingWorld.properties(registry);
    }

    @BeforeEach
    void anotherTenant() {
        tenant = tenants.any();
    }

    private SubLicenseId subLicense(int days, int graceDays) {
        var parent = asAdmin(() -> licenses.load(licence(clock, instances(10))));
        var asked = new Allocation(
                parent.id(), clock.instant(), clock.instant().plus(Duration.ofDays(days)), graceDays, instances(2));
        return asAdmin(tenant, () -> subLicenses.allocate(asked)).id();
    }

    private List<Kind> told() {
        return asMember(tenant, () -> notices.ofTenant(null, 100)).reversed().stream()
                .map(LicenseNotice::kind)
                .toList();
    }

    /** The clock, an hour at a time; every hour every replica looks, and one of them has just been started. */
    private void live(Duration time) {
        for (var left = time; left.isPositive(); left = left.minusHours(1)) {
            clock.move(Duration.ofHours(1));
            sweep.sweep();
            new NoticeSweep(jdbc, installation, settings, clock, transactions).sweep();
        }
    }

    @Test
    void tellsEveryThresholdAndEveryRungOnce() {
        subLicense(45, 10);
        live(Duration.ofDays(15).minusHours(1));
        assertThat(told()).isEmpty();

        live(Duration.ofDays(75));

        assertThat(told())
                .containsExactly(
                        Kind.EXPIRES_IN_30_DAYS,
                        Kind.EXPIRES_IN_14_DAYS,
                        Kind.EXPIRES_IN_7_DAYS,
                        Kind.EXPIRES_IN_1_DAY,
                        Kind.ENTERED_GRACE,
                        Kind.ENTERED_RESTRICTED,
                        Kind.ENTERED_FROZEN);
    }

    @Test
    void tellsTheLatestStepOnlyOfWhatPassedMeanwhile() {
        subLicense(29, 10);
        clock.move(Duration.ofDays(25));
        var replicas = atOnce(8, () -> {
            new NoticeSweep(jdbc, installation, settings, clock, transactions).sweep();
            return true;
        });
        assertThat(replicas)
                .allSatisfy(replica -> assertThat(replica.resultNow()).isTrue());
        sweep.sweep();

        assertThat(told()).containsExactly(Kind.EXPIRES_IN_7_DAYS);
    }

    @Test
    void tellsARevocation() {
        var id = subLicense(100, 10);
        asAdmin(tenant, () -> subLicenses.revoke(id));
        live(Duration.ofHours(3));

        assertThat(told()).containsExactly(Kind.REVOKED);
    }

    @Test
    void tellsOfASeatThatWasLostButNotOfThoseThatWereGivenBackOrWentWhileManagementWasAway() {
        var id = subLicense(100, 10);
        var lost = UUID.randomUUID();
        var returned = UUID.randomUUID();
        CurrentTenant.runAs(tenant, () -> {
            seats.lease(id, lost);
            seats.lease(id, returned);
            seats.release(returned);
        });
        clock.move(Duration.ofMinutes(6));
        new NoticeSweep(jdbc, installation, settings, clock, transactions).sweep();
        assertThat(told()).as("a replica that has just been started").isEmpty();

        live(Duration.ofHours(3));
        assertThat(told()).containsExactly(Kind.SEAT_LOST);
        var notice = asMember(tenant, () -> notices.ofTenant(null, 100)).getFirst();
        assertThat(notice.instanceId()).isEqualTo(lost);
    }

    @Test
    void letsTheTenantAndTheProviderAcknowledgeEachForItself() {
        var id = subLicense(100, 10);
        asAdmin(tenant, () -> subLicenses.revoke(id));
        live(Duration.ofHours(1));
        var notice = asMember(tenant, () -> notices.ofTenant(null, 100)).getFirst();
        assertThat(notice.acknowledgedAt()).isNull();
        assertThat(asAdmin(() -> notices.all(null, 500)))
                .extracting(LicenseNotice::id)
                .contains(notice.id());

        asMember(tenant, () -> notices.acknowledge(notice.id()));

        var seen = asMember(tenant, () -> notices.ofTenant(null, 100)).getFirst();
        assertThat(seen.acknowledgedBy()).isEqualTo("member@customer.example");
        assertThat(asMember(tenant, () -> notices.acknowledge(notice.id()))).isEqualTo(seen);
        assertThat(asAdmin(() -> notices.acknowledgeForProvider(notice.id())).acknowledgedBy())
                .isEqualTo("admin@mssp.example");
        var mallory = tenants.any();
        assertThat(asMember(mallory, () -> notices.ofTenant(null, 100))).isEmpty();
        assertThatExceptionOfType(UnknownNotice.class)
                .isThrownBy(() -> asMember(mallory, () -> notices.acknowledge(notice.id())));
        assertThat(asMember(tenant, () -> notices.ofTenant(notice.id(), 100))).isEmpty();
    }

    @Test
    void tellsTheProviderOfAClockThatIsWrongOncePerOccasion() {
        installation.remember();
        clock.move(Duration.ofDays(-3));
        installation.remember();
        installation.remember();
        clock.move(Duration.ofDays(3));
        installation.remember();
        clock.move(Duration.ofDays(60));
        installation.remember();
        clock.move(Duration.ofMinutes(1));
        installation.remember();
        clock.move(Duration.ofDays(-60));
        installation.remember();

        assertThat(asAdmin(() -> notices.all(null, 500)))
                .filteredOn(notice -> notice.tenantId() == null)
                .extracting(LicenseNotice::kind)
                .containsExactlyInAnyOrder(Kind.CLOCK_BEHIND, Kind.CLOCK_AHEAD);
    }
}
