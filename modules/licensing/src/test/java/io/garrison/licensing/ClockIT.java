package io.garrison.licensing;

import static io.garrison.licensing.LicensingWorld.asAdmin;
import static io.garrison.licensing.LicensingWorld.instances;
import static io.garrison.licensing.LicensingWorld.licence;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.SettableClock;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.protocol.SeenTime;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.testing.TestPostgres;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;

/** Clock faults of management: set back, set far ahead and back again, with restarts in between. */
@ApplicationModuleTest(BootstrapMode.ALL_DEPENDENCIES)
class ClockIT {

    @Autowired
    LicenseAdministration licenses;

    @Autowired
    SubLicenseAdministration subLicenses;

    @Autowired
    SubLicenses gate;

    @Autowired
    ClockAdministration administration;

    @Autowired
    Installation running;

    @Autowired
    TestTenants tenants;

    @Autowired
    SettableClock clock;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    ObjectProvider<TimeEvidence> evidence;

    @Autowired
    PlatformTransactionManager transactions;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        LicensingWorld.properties(registry);
    }

    /** To the time that counts, so that the next test finds neither a clock that is behind nor one that has jumped. */
    @AfterEach
    void setRight() {
        move(Duration.between(clock.instant(), running.now()));
        running.remember();
    }

    private void move(Duration by) {
        clock.move(by);
    }

    /** A replica that starts now. */
    private Installation restarted() {
        var installation = new Installation(jdbc, clock, evidence, transactions);
        installation.remember();
        return installation;
    }

    @Test
    void winsNothingBySettingTheClockBackThirtyDays() throws SQLException {
        running.remember();
        var now = running.now();
        move(Duration.ofDays(-30));

        assertThat(running.now()).isEqualTo(now);
        assertThat(running.look().state(clock.instant())).isEqualTo(SeenTime.State.BEHIND);
        assertThat(restarted().now()).isEqualTo(now);

        var tenant = tenants.any();
        move(Duration.ofDays(30));
        var parent = asAdmin(() -> licenses.load(licence(clock, instances(10))));
        asAdmin(tenant, () -> subLicenses.allocate(LicensingWorld.share(parent, instances(1))));
        move(Duration.ofDays(-40));
        superuser("update licensing.installation set time_seen = 'epoch', ahead_seconds = null, ahead_since = null");
        assertThat(restarted().now())
                .as("what was written proves the time where the mark was deleted")
                .isAfterOrEqualTo(now);
        assertThat(asAdmin(() -> administration.get()).state()).isEqualTo(SeenTime.State.BEHIND);
    }

    @Test
    void burnsNoLicenceByAJumpOfSixtyDaysAndBack() {
        var tenant = tenants.any();
        var parent = asAdmin(() -> licenses.load(licence(clock, instances(10))));
        var asked = new Allocation(
                parent.id(), clock.instant(), clock.instant().plus(Duration.ofDays(40)), 0, instances(1));
        var subLicense = asAdmin(tenant, () -> subLicenses.allocate(asked)).id();
        running.remember();

        move(Duration.ofDays(60));
        running.remember();
        assertThat(state(tenant, subLicense)).isEqualTo(SubLicenseState.ACTIVE);
        assertThat(asAdmin(() -> administration.get()).state()).isEqualTo(SeenTime.State.AHEAD);
        asAdmin(tenant, () -> subLicenses.allocate(asked)); // writes entries with the clock's time
        assertThat(restarted().look().state(clock.instant())).isEqualTo(SeenTime.State.AHEAD);

        move(Duration.ofDays(-60));
        running.remember();
        assertThat(asAdmin(() -> administration.get()).state()).isEqualTo(SeenTime.State.STEADY);
        assertThat(running.now()).isEqualTo(clock.instant());
        assertThat(restarted().now()).isEqualTo(clock.instant());
    }

    @Test
    void runsOnAtTheClocksPaceDuringAJumpAndBelievesItWhenItLasts() {
        running.remember();
        var began = running.now();
        move(Duration.ofDays(60));
        running.remember();
        move(Duration.ofHours(71));
        running.remember();
        assertThat(running.now()).as("time does not stand still").isEqualTo(began.plus(Duration.ofHours(71)));
        move(Duration.ofHours(1));
        restarted();
        running.remember();

        assertThat(running.now()).isEqualTo(clock.instant());
    }

    @Test
    void believesNoReplicaThatIsAloneWithItsClock() {
        running.remember();
        var rightClock = new SettableClock();
        rightClock.move(Duration.between(rightClock.instant(), clock.instant()));
        var right = new Installation(jdbc, rightClock, evidence, transactions);
        move(Duration.ofDays(60));
        for (int hour = 0; hour < 80; hour++) {
            running.remember();
            right.remember();
            move(Duration.ofHours(1));
            rightClock.move(Duration.ofHours(1));
        }

        assertThat(right.now()).isEqualTo(rightClock.instant());
        assertThat(running.look().state(clock.instant())).isEqualTo(SeenTime.State.AHEAD);
    }

    @Test
    void believesAJumpThatTheProviderConfirms() {
        running.remember();
        move(Duration.ofDays(60));

        assertThat(asAdmin(() -> administration.confirm()).state()).isEqualTo(SeenTime.State.STEADY);

        assertThat(running.now()).isEqualTo(clock.instant());
        assertThat(restarted().now()).isEqualTo(clock.instant());
    }

    private SubLicenseState state(io.garrison.tenancy.TenantId tenant, SubLicenseId subLicense) {
        return CurrentTenant.callAs(
                tenant, () -> gate.find(subLicense).orElseThrow().state());
    }

    private static void superuser(String sql) throws SQLException {
        var postgres = TestPostgres.shared();
        try (var connection = DriverManager.getConnection(
                        postgres.url(), "postgres", postgres.passwords().superuser());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
