package io.garrison.licensing;

import static io.garrison.licensing.LicensingWorld.asAdmin;
import static io.garrison.licensing.LicensingWorld.asMember;
import static io.garrison.licensing.LicensingWorld.atOnce;
import static io.garrison.licensing.LicensingWorld.instances;
import static io.garrison.licensing.LicensingWorld.licence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.garrison.SettableClock;
import io.garrison.licensing.LicenseException.AllocationRefused;
import io.garrison.licensing.LicenseException.PlanNameTaken;
import io.garrison.licensing.LicenseException.PlanRefused;
import io.garrison.licensing.LicenseException.PoolExhausted;
import io.garrison.licensing.LicenseException.UnknownPlan;
import io.garrison.licensing.PlanManagement.Cut;
import io.garrison.licensing.PlanManagement.PlanTerms;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.http.EntityTag;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@ApplicationModuleTest(BootstrapMode.ALL_DEPENDENCIES)
class PlansIT {

    private static final Overages UP_TO_9 = new Overages(Map.of(Metric.INSTANCES, Overage.upTo(9)));

    @Autowired
    LicenseAdministration licenses;

    @Autowired
    SubLicenseAdministration subLicenses;

    @Autowired
    PlanManagement plans;

    @Autowired
    TestTenants tenants;

    @Autowired
    SettableClock clock;

    @Autowired
    JdbcClient jdbc;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        LicensingWorld.properties(registry);
    }

    @BeforeEach
    void goByTheLatestTime() {
        tenants.catchUp(clock);
    }

    @Test
    void cutsASubLicenceWithAllThatThePlanSays() {
        var parent = asAdmin(() -> licenses.load(licence(clock, instances(10))));
        var plan = asAdmin(() -> plans.create(terms(name(), 3)));
        var tenant = tenants.any();

        var made = asAdmin(tenant, () -> plans.allocate(plan.id(), parent.id(), parent.validFrom()));

        assertThat(made.entitlements()).isEqualTo(instances(3));
        assertThat(made.overages()).isEqualTo(UP_TO_9);
        assertThat(made.graceDays()).isEqualTo(7);
        assertThat(made.validUntil()).isEqualTo(parent.validFrom().plus(Duration.ofDays(90)));
        assertThat(tenants.audited(tenant)).contains("sub-license.allocated", "sub-license.cut-from-plan");
    }

    @Test
    void changesNothingOfWhatWasCutBefore() {
        var parent = asAdmin(() -> licenses.load(licence(clock, instances(10))));
        var name = name();
        var plan = asAdmin(() -> plans.create(terms(name, 3)));
        var early = tenants.any();
        var late = tenants.any();
        var first = asAdmin(early, () -> plans.allocate(plan.id(), parent.id(), parent.validFrom()));

        var changed = asAdmin(() -> plans.change(plan.id(), terms(name, 5), plan.version()));
        clock.move(Duration.ofMillis(1));
        var second = asAdmin(late, () -> plans.allocate(plan.id(), parent.id(), parent.validFrom()));

        assertThat(changed.version()).isEqualTo(2);
        assertThat(asMember(early, () -> subLicenses.get(first.id())).entitlements())
                .isEqualTo(instances(3));
        assertThat(second.entitlements()).isEqualTo(instances(5));
        assertThat(asAdmin(() -> plans.cuts(plan.id(), null, 10)))
                .extracting(Cut::tenant, Cut::subLicense, Cut::version)
                .containsExactly(
                        tuple(late, second.id().value(), 2L),
                        tuple(early, first.id().value(), 1L));
        assertThat(asAdmin(() -> plans.cuts(plan.id(), second.id(), 10))).hasSize(1);
    }

    @Test
    void refusesWhatTheLicenceDoesNotCarry() {
        var parent = asAdmin(() -> licenses.load(licence(clock, instances(10))));
        var large = asAdmin(() -> plans.create(terms(name(), 11)));
        var longer = asAdmin(() -> plans.create(new PlanTerms(name(), instances(1), Overages.NONE, 0, 366)));
        var tenant = tenants.any();

        assertThatExceptionOfType(AllocationRefused.class)
                .as("its ceiling is below its limit, or beyond the licence")
                .isThrownBy(() -> asAdmin(
                        tenant,
                        () -> plans.allocate(
                                asAdmin(() -> plans.create(new PlanTerms(
                                                name(),
                                                instances(1),
                                                new Overages(Map.of(Metric.INSTANCES, Overage.upTo(11))),
                                                0,
                                                1)))
                                        .id(),
                                parent.id(),
                                parent.validFrom())));
        assertThatExceptionOfType(PoolExhausted.class)
                .isThrownBy(() -> asAdmin(tenant, () -> plans.allocate(large.id(), parent.id(), parent.validFrom())));
        assertThatExceptionOfType(AllocationRefused.class)
                .isThrownBy(() -> asAdmin(tenant, () -> plans.allocate(longer.id(), parent.id(), parent.validFrom())));
        assertThat(asAdmin(tenant, () -> subLicenses.list(null, 10))).isEmpty();
        assertThat(asAdmin(() -> plans.cuts(large.id(), null, 10))).isEmpty();
    }

    @Test
    void refusesTermsThatMakeNoSense() {
        for (var nonsense : new PlanTerms[] {
            new PlanTerms(" ", instances(1), Overages.NONE, 0, 1),
            new PlanTerms("x".repeat(101), instances(1), Overages.NONE, 0, 1),
            new PlanTerms(name(), instances(1), Overages.NONE, -1, 1),
            new PlanTerms(name(), instances(1), Overages.NONE, 366, 1),
            new PlanTerms(name(), instances(1), Overages.NONE, 0, 0),
            new PlanTerms(name(), instances(1), Overages.NONE, 0, 3661),
            new PlanTerms(name(), instances(10), UP_TO_9, 0, 1)
        }) {
            assertThatExceptionOfType(PlanRefused.class).isThrownBy(() -> asAdmin(() -> plans.create(nonsense)));
        }
    }

    @Test
    void givesANameOnce() {
        var name = name();

        var attempts = atOnce(8, () -> asAdmin(() -> plans.create(terms(name, 1))));

        assertThat(attempts)
                .filteredOn(attempt -> attempt.state() == Future.State.SUCCESS)
                .hasSize(1);
        var other = asAdmin(() -> plans.create(terms(name(), 1)));
        assertThatExceptionOfType(PlanNameTaken.class)
                .isThrownBy(() -> asAdmin(() -> plans.change(other.id(), terms(name.toUpperCase(), 1), 1)));
        assertThat(asAdmin(() -> plans.get(other.id())).version()).isEqualTo(1);
    }

    @Test
    void changesOnlyWhatTheCallerSaw() {
        var plan = asAdmin(() -> plans.create(terms(name(), 1)));
        asAdmin(() -> plans.change(plan.id(), terms(name(), 2), 1));

        assertThatExceptionOfType(EntityTag.Stale.class)
                .isThrownBy(() -> asAdmin(() -> plans.change(plan.id(), terms(name(), 3), 1)));
        assertThatExceptionOfType(EntityTag.Stale.class).isThrownBy(() -> retire(plan.id(), 1));
        assertThat(asAdmin(() -> plans.get(plan.id())).terms().entitlements()).isEqualTo(instances(2));
    }

    @Test
    void cutsNothingFromARetiredPlanAndStillShowsIt() {
        var parent = asAdmin(() -> licenses.load(licence(clock, instances(10))));
        var name = name();
        var plan = asAdmin(() -> plans.create(terms(name, 1)));
        retire(plan.id(), 1);

        assertThatExceptionOfType(UnknownPlan.class)
                .isThrownBy(
                        () -> asAdmin(tenants.any(), () -> plans.allocate(plan.id(), parent.id(), parent.validFrom())));
        assertThatExceptionOfType(UnknownPlan.class).isThrownBy(() -> retire(plan.id(), 1));
        assertThat(asAdmin(() -> plans.list(null, 500)))
                .noneMatch(shown -> shown.id().equals(plan.id()));
        assertThat(asAdmin(() -> plans.get(plan.id())).retiredAt()).isNotNull();
        asAdmin(() -> plans.create(terms(name, 1)));
    }

    @Test
    void isTheProvidersAlone() {
        var plan = asAdmin(() -> plans.create(terms(name(), 1)));
        var tenant = tenants.any();

        assertThatExceptionOfType(TenancyException.Forbidden.class)
                .isThrownBy(() -> asMember(tenant, () -> plans.list(null, 10)));
        assertThatExceptionOfType(TenancyException.Forbidden.class)
                .isThrownBy(() -> asMember(tenant, () -> plans.get(plan.id())));
        assertThatExceptionOfType(TenancyException.Forbidden.class)
                .isThrownBy(() -> asMember(tenant, () -> plans.create(terms(name(), 1))));
        assertThatExceptionOfType(UnknownPlan.class)
                .isThrownBy(() -> asAdmin(() -> plans.get(new PlanId(UUID.randomUUID()))));
    }

    private void retire(PlanId id, long seen) {
        asAdmin(() -> {
            plans.retire(id, seen);
            return true;
        });
    }

    private static String name() {
        return "Plan " + UUID.randomUUID();
    }

    private static PlanTerms terms(String name, long instances) {
        return new PlanTerms(name, instances(instances), instances > 9 ? Overages.NONE : UP_TO_9, 7, 90);
    }
}
