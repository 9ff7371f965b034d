package io.garrison.licensing;

import static io.garrison.licensing.LicensingWorld.asAdmin;
import static io.garrison.licensing.LicensingWorld.atOnce;
import static io.garrison.licensing.LicensingWorld.instances;
import static io.garrison.licensing.LicensingWorld.licence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.SettableClock;
import io.garrison.licensing.LicenseException.NoSeatLeft;
import io.garrison.licensing.LicenseException.NotInForce;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionOperations;

@ApplicationModuleTest(BootstrapMode.ALL_DEPENDENCIES)
class SeatsIT {

    private static final Duration LEASE = Duration.ofMinutes(5);

    @Autowired
    LicenseAdministration licenses;

    @Autowired
    SubLicenseAdministration subLicenses;

    @Autowired
    SubLicenses gate;

    @Autowired
    InstanceSeats seats;

    @Autowired
    Installation installation;

    @Autowired
    TestTenants tenants;

    @Autowired
    SettableClock clock;

    @Autowired
    TransactionOperations transactions;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    ObjectProvider<TimeEvidence> evidence;

    @Autowired
    PlatformTransactionManager transactionManager;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        LicensingWorld.properties(registry);
    }

    @BeforeEach
    void goByTheLatestTime() {
        tenants.catchUp(clock);
    }

    @Test
    void leasesASeatAndRenewsIt() {
        var tenant = tenants.any();
        var subLicense = subLicense(tenant, 1, 100, 10);
        var instance = UUID.randomUUID();

        assertThat(lease(tenant, subLicense, instance))
                .isEqualTo(clock.instant().plus(LEASE));
        clock.move(Duration.ofMinutes(4));
        assertThat(lease(tenant, subLicense, instance))
                .isEqualTo(clock.instant().plus(LEASE));
        clock.move(Duration.ofMinutes(4));

        assertThatExceptionOfType(NoSeatLeft.class)
                .as("renewed, so still taken")
                .isThrownBy(() -> lease(tenant, subLicense, UUID.randomUUID()));
        assertThat(tenants.audited(tenant)).containsOnlyOnce("seat.taken");
    }

    @Test
    void freesTheSeatOfALeaseThatRanOut() {
        var tenant = tenants.any();
        var subLicense = subLicense(tenant, 1, 100, 10);
        lease(tenant, subLicense, UUID.randomUUID());

        clock.move(LEASE.minusMillis(1));
        assertThatExceptionOfType(NoSeatLeft.class).isThrownBy(() -> lease(tenant, subLicense, UUID.randomUUID()));
        clock.move(Duration.ofMillis(1));

        lease(tenant, subLicense, UUID.randomUUID());
    }

    @Test
    void freesTheSeatThatIsGivenBack() {
        var tenant = tenants.any();
        var subLicense = subLicense(tenant, 1, 100, 10);
        var instance = UUID.randomUUID();
        lease(tenant, subLicense, instance);

        CurrentTenant.runAs(tenant, () -> seats.release(instance));
        CurrentTenant.runAs(tenant, () -> seats.release(instance));

        lease(tenant, subLicense, UUID.randomUUID());
        assertThat(tenants.audited(tenant)).containsOnlyOnce("seat.released");
    }

    @Test
    void movesASeatToAnotherSubLicence() {
        var tenant = tenants.any();
        var first = subLicense(tenant, 1, 100, 10);
        var second = subLicense(tenant, 1, 100, 10);
        var instance = UUID.randomUUID();
        lease(tenant, first, instance);

        lease(tenant, second, instance);

        lease(tenant, first, UUID.randomUUID());
        assertThatExceptionOfType(NoSeatLeft.class).isThrownBy(() -> lease(tenant, second, UUID.randomUUID()));
    }

    @RepeatedTest(10)
    void sellsTheLastSeatOnce() {
        var tenant = tenants.any();
        var subLicense = subLicense(tenant, 2, 100, 10);
        lease(tenant, subLicense, UUID.randomUUID());

        var attempts = atOnce(50, () -> lease(tenant, subLicense, UUID.randomUUID()));

        assertThat(attempts)
                .filteredOn(attempt -> attempt.state() == Future.State.SUCCESS)
                .hasSize(1);
        assertThat(attempts)
                .filteredOn(attempt -> attempt.state() == Future.State.FAILED)
                .hasSize(49)
                .allSatisfy(attempt -> assertThat(attempt.exceptionNow()).isInstanceOf(NoSeatLeft.class));
    }

    @Test
    void keepsRunningInstancesThroughTheGraceAndTakesNoNewOnes() {
        var tenant = tenants.any();
        var subLicense = subLicense(tenant, 2, 1, 1);
        var running = UUID.randomUUID();
        clock.move(Duration.ofDays(1).minusMinutes(1));
        lease(tenant, subLicense, running);

        clock.move(Duration.ofMinutes(2)); // over, in its grace
        lease(tenant, subLicense, running);
        assertThatExceptionOfType(NotInForce.class).isThrownBy(() -> lease(tenant, subLicense, UUID.randomUUID()));
        assertThatExceptionOfType(NotInForce.class).isThrownBy(() -> requireInForce(tenant, subLicense));
        assertThat(virtualServiceLimit(tenant, subLicense)).isEqualTo(20);

        clock.move(LEASE); // still in its grace, but the lease ran out
        assertThatExceptionOfType(NotInForce.class).isThrownBy(() -> lease(tenant, subLicense, running));
    }

    @Test
    void climbsDownTheLadder() {
        var tenant = tenants.any();
        var subLicense = subLicense(tenant, 2, 1, 1);
        assertThat(requireInForce(tenant, subLicense).state()).isEqualTo(SubLicenseState.EXPIRING);

        clock.move(Duration.ofDays(2));
        assertThat(state(tenant, subLicense)).isEqualTo(SubLicenseState.RESTRICTED);
        assertThat(virtualServiceLimit(tenant, subLicense)).isEqualTo(20);

        clock.move(Duration.ofDays(30));
        assertThat(state(tenant, subLicense)).isEqualTo(SubLicenseState.FROZEN);
        assertThatExceptionOfType(NotInForce.class).isThrownBy(() -> virtualServiceLimit(tenant, subLicense));
    }

    @Test
    void leasesNothingUnderARevokedSubLicence() {
        var tenant = tenants.any();
        var subLicense = subLicense(tenant, 2, 100, 10);
        var running = UUID.randomUUID();
        lease(tenant, subLicense, running);

        asAdmin(tenant, () -> subLicenses.revoke(subLicense));

        assertThatExceptionOfType(NotInForce.class).isThrownBy(() -> lease(tenant, subLicense, running));
        assertThatExceptionOfType(NotInForce.class).isThrownBy(() -> virtualServiceLimit(tenant, subLicense));
    }

    @Test
    void knowsNoSubLicenceOfAnotherTenant() {
        var alice = tenants.any();
        var mallory = tenants.any();
        var subLicense = subLicense(alice, 1, 100, 10);
        var instance = UUID.randomUUID();
        lease(alice, subLicense, instance);

        assertThatExceptionOfType(UnknownSubLicense.class)
                .isThrownBy(() -> lease(mallory, subLicense, UUID.randomUUID()));
        assertThatExceptionOfType(UnknownSubLicense.class).isThrownBy(() -> requireInForce(mallory, subLicense));
        assertThatExceptionOfType(UnknownSubLicense.class).isThrownBy(() -> virtualServiceLimit(mallory, subLicense));
        assertThatExceptionOfType(UnknownSubLicense.class)
                .as("no tenant bound")
                .isThrownBy(() -> seats.lease(subLicense, UUID.randomUUID()));
        CurrentTenant.runAs(mallory, () -> seats.release(instance));
        assertThatExceptionOfType(NoSeatLeft.class).isThrownBy(() -> lease(alice, subLicense, UUID.randomUUID()));
    }

    @Test
    void giveTheLimitOnlyToATransactionThatHoldsTheLock() {
        var tenant = tenants.any();
        var subLicense = subLicense(tenant, 1, 100, 10);

        assertThat(virtualServiceLimit(tenant, subLicense)).isEqualTo(10);
        assertThatExceptionOfType(IllegalTransactionStateException.class)
                .isThrownBy(() -> CurrentTenant.callAs(tenant, () -> gate.virtualServiceLimit(subLicense)));
    }

    @Test
    void gainsNothingFromAClockThatIsSetBack() {
        var tenant = tenants.any();
        var subLicense = subLicense(tenant, 1, 1, 0);
        clock.move(Duration.ofDays(1));
        installation.remember();

        clock.move(Duration.ofDays(-30));
        try {
            assertThat(installation.now()).isEqualTo(clock.instant().plus(Duration.ofDays(30)));
            assertThat(state(tenant, subLicense)).isEqualTo(SubLicenseState.RESTRICTED);
            assertThat(new Installation(jdbc, clock, evidence, transactionManager).now())
                    .as("after a restart")
                    .isEqualTo(clock.instant().plus(Duration.ofDays(30)));
        } finally {
            clock.move(Duration.ofDays(30));
        }
    }

    private SubLicenseId subLicense(TenantId tenant, long limit, int days, int graceDays) {
        var parent = asAdmin(() -> licenses.load(licence(clock, instances(10))));
        Instant ends = clock.instant().plus(Duration.ofDays(days));
        var asked = new Allocation(parent.id(), clock.instant(), ends, graceDays, instances(limit));
        return asAdmin(tenant, () -> subLicenses.allocate(asked)).id();
    }

    private Instant lease(TenantId tenant, SubLicenseId subLicense, UUID instance) {
        return CurrentTenant.callAs(tenant, () -> seats.lease(subLicense, instance))
                .until();
    }

    private SubLicenseSummary requireInForce(TenantId tenant, SubLicenseId subLicense) {
        return CurrentTenant.callAs(tenant, () -> gate.requireInForce(subLicense));
    }

    private SubLicenseState state(TenantId tenant, SubLicenseId subLicense) {
        return CurrentTenant.callAs(
                tenant, () -> gate.find(subLicense).orElseThrow().state());
    }

    private long virtualServiceLimit(TenantId tenant, SubLicenseId subLicense) {
        return CurrentTenant.callAs(tenant, () -> transactions.execute(status -> gate.virtualServiceLimit(subLicense)));
    }
}
