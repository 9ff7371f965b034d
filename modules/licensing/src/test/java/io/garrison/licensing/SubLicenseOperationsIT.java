package io.garrison.licensing;

import static io.garrison.licensing.LicensingWorld.asAdmin;
import static io.garrison.licensing.LicensingWorld.asMember;
import static io.garrison.licensing.LicensingWorld.instances;
import static io.garrison.licensing.LicensingWorld.licence;
import static io.garrison.licensing.LicensingWorld.share;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.garrison.SettableClock;
import io.garrison.licensing.LeaseRule.IfLeasesBreak;
import io.garrison.licensing.LicenseException.AllocationRefused;
import io.garrison.licensing.LicenseException.AlreadyRevoked;
import io.garrison.licensing.LicenseException.LeasesRunning;
import io.garrison.licensing.LicenseException.NoSeatLeft;
import io.garrison.licensing.LicenseException.NotInForce;
import io.garrison.licensing.LicenseException.PoolExhausted;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.licensing.LicenseException.WrongState;
import io.garrison.licensing.LicensePool.Count;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.SubLicenseOperations.Terms;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.licensing.file.SubLicense;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.modulith.test.AssertablePublishedEvents;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionOperations;

@ApplicationModuleTest(BootstrapMode.ALL_DEPENDENCIES)
class SubLicenseOperationsIT {

    private static final LeaseRule DRAIN_IN_2_HOURS = new LeaseRule(IfLeasesBreak.DRAIN, 2);
    private static final LeaseRule GRACE_OF_2_HOURS = new LeaseRule(IfLeasesBreak.GRACE, 2);

    @Autowired
    LicenseAdministration licenses;

    @Autowired
    SubLicenseAdministration subLicenses;

    @Autowired
    SubLicenseOperations operations;

    @Autowired
    InstanceSeats seats;

    @Autowired
    DrainedSeats drained;

    @Autowired
    SubLicenses gate;

    @Autowired
    TestSeatHolders holders;

    @Autowired
    TestTenants tenants;

    @Autowired
    SettableClock clock;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    TransactionOperations transactions;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        LicensingWorld.properties(registry);
    }

    @BeforeEach
    void goByTheLatestTime() {
        tenants.catchUp(clock);
    }

    @Test
    void takesMoreFromThePoolAndGivesItBack(AssertablePublishedEvents events) {
        var world = new World(10, 3);

        var grown = world.resize(7, LeaseRule.REFUSE);

        assertThat(grown.serial()).isEqualTo(2);
        assertThat(grown.version()).isEqualTo(2);
        assertThat(grown.entitlements()).isEqualTo(instances(7));
        world.assertPool(7, 3);
        assertThat(world.file().serial()).isEqualTo(2);
        assertThat(world.file().entitlements()).isEqualTo(instances(7));
        assertThat(events).contains(SubLicenseResized.class).matching(SubLicenseResized::subLicense, world.id);

        world.resize(1, LeaseRule.REFUSE);

        world.assertPool(1, 9);
        assertThat(world.file().serial()).isEqualTo(3);
        assertThat(tenants.audited(world.tenant)).contains("sub-license.resized");
    }

    @Test
    void tellsWhatWasDoneByWhomAndWhy() {
        var world = new World(10, 3);
        world.resize(7, LeaseRule.REFUSE);
        asAdmin(world.tenant, () -> operations.suspend(world.id, "unpaid"));

        var history = asMember(world.tenant, () -> operations.history(world.id, null, 10));

        assertThat(history).extracting(SubLicenseChange::action).containsExactly("suspended", "resized", "allocated");
        assertThat(history).extracting(SubLicenseChange::serial).containsExactly(3L, 2L, 1L);
        assertThat(history.getFirst().reason()).isEqualTo("unpaid");
        assertThat(history.getFirst().actor()).isEqualTo("admin@mssp.example");
        assertThat(history.getFirst().from()).containsOnly(Map.entry("suspended", false));
        assertThat(history.getFirst().to()).containsOnly(Map.entry("suspended", true));
        assertThat(history.get(1).from()).containsEntry("instances", 3).doesNotContainKey("graceDays");
        assertThat(history.get(1).to()).containsEntry("instances", 7);
        assertThat(asMember(world.tenant, () -> operations.history(world.id, 3L, 1)))
                .extracting(SubLicenseChange::serial)
                .containsExactly(2L);
    }

    @Test
    void refusesMoreThanThePoolHasAndChangesNothing() {
        var world = new World(10, 3);
        var other = new World(world.parent, 5);

        assertThatExceptionOfType(PoolExhausted.class)
                .isThrownBy(() -> world.resize(6, LeaseRule.REFUSE))
                .withMessageContaining("6 of instances")
                .withMessageContaining("has 5");

        world.assertUntouched(3);
        assertThat(other.file().serial()).isEqualTo(1);
        world.assertPool(8, 2);
    }

    @Test
    void refusesToTakeSeatsFromRunningInstancesAndNamesThem() {
        var world = new World(10, 3);
        world.run();
        var second = world.run();
        var third = world.run();

        assertThatExceptionOfType(LeasesRunning.class)
                .isThrownBy(() -> world.resize(1, LeaseRule.REFUSE))
                .satisfies(refused -> assertThat(refused.errors())
                        .extracting(error -> error.rejected())
                        .as("the newest first")
                        .containsExactly(third.toString(), second.toString()));

        world.assertUntouched(3);
        world.resize(3, LeaseRule.REFUSE);
    }

    @Test
    void drainsTheNewestAndTakesTheirSeatsWhenTheyHaveDrained() {
        var world = new World(10, 3);
        var first = world.run();
        var second = world.run();
        var third = world.run();

        world.resize(1, DRAIN_IN_2_HOURS);

        assertThat(holders.asked()).contains(third, second).doesNotContain(first);
        world.assertPool(3, 7); // one granted, two linger
        assertThatExceptionOfType(NoSeatLeft.class).isThrownBy(world::run);
        assertThat(world.renew(third)).as("still draining").isAfter(clock.instant());
        assertThat(world.giveUp(third)).isTrue();
        assertThat(world.giveUp(first)).as("it may stay").isFalse();
        assertThatExceptionOfType(NoSeatLeft.class).isThrownBy(() -> world.renew(third));
        world.renew(first);
        world.renew(second);
    }

    @Test
    void takesSeatsAtTheEndOfTheGraceAtTheLatest() {
        var world = new World(10, 2);
        var old = world.run();
        var young = world.run();
        world.resize(1, GRACE_OF_2_HOURS);
        var ends = clock.instant().plus(Duration.ofHours(2));

        assertThat(holders.asked()).doesNotContain(young);
        world.keepRunning(Duration.ofMinutes(117), old, young);
        assertThat(world.renew(young)).as("not beyond the grace").isEqualTo(ends);
        world.assertPool(2, 8);
        clock.move(Duration.ofMinutes(3));

        world.renew(old);
        assertThatExceptionOfType(NoSeatLeft.class).isThrownBy(() -> world.renew(young));
        world.assertPool(1, 9);
    }

    @Test
    void letsThoseStayForWhomThereIsRoomAgain() {
        var world = new World(10, 2);
        var old = world.run();
        var young = world.run();
        world.resize(1, GRACE_OF_2_HOURS);

        world.resize(2, LeaseRule.REFUSE);

        world.assertPool(2, 8);
        world.keepRunning(Duration.ofMinutes(124), old, young);
        world.renew(young);
    }

    @Test
    void countsSeatsThatLingerInThePool() {
        var world = new World(3, 3);
        world.run();
        world.run();
        world.resize(1, GRACE_OF_2_HOURS);

        assertThatExceptionOfType(PoolExhausted.class).isThrownBy(() -> new World(world.parent, 2));
        clock.move(Duration.ofHours(2));

        new World(world.parent, 2);
    }

    @Test
    void foretellsWhatAResizeDoes() {
        var world = new World(10, 3);
        world.run();
        var young = world.run();

        var smaller = asAdmin(world.tenant, () -> operations.preview(world.id, granting(1)));
        var tooMuch = asAdmin(world.tenant, () -> operations.preview(world.id, granting(11)));

        assertThat(smaller.pool().lines()).contains(new Count(Metric.INSTANCES, 10, 1, 9));
        assertThat(smaller.running()).isEqualTo(2);
        assertThat(smaller.breaking()).containsExactly(young);
        assertThat(smaller.names()).containsExactly(entry(young, "edge " + young));
        assertThat(smaller.refusals()).isEmpty();
        assertThat(tooMuch.refusals())
                .singleElement()
                .extracting(LicenseException::code)
                .isEqualTo("license.pool-exhausted");
        assertThat(tooMuch.pool().lines()).contains(new Count(Metric.INSTANCES, 10, 3, 7));
        world.assertUntouched(3);
    }

    @Test
    void renewsOne(AssertablePublishedEvents events) {
        var world = new World(10, 3, 10, 5);
        var later = world.ends.plus(Duration.ofDays(20));

        var renewed = asAdmin(world.tenant, () -> operations.renew(world.id, later, 7, null));

        assertThat(renewed.validUntil()).isEqualTo(later);
        assertThat(renewed.graceDays()).isEqualTo(7);
        assertThat(renewed.serial()).isEqualTo(2);
        assertThat(world.file().until()).isEqualTo(later);
        assertThat(events).contains(SubLicenseRenewed.class).matching(SubLicenseRenewed::subLicense, world.id);
        clock.move(Duration.ofDays(16));
        world.assertPool(3, 7);
        assertThat(asAdmin(world.tenant, () -> operations.renew(world.id, later.plusSeconds(1), null, null))
                        .graceDays())
                .as("as it was")
                .isEqualTo(7);
    }

    @Test
    void refusesARenewalThatTheLicenceOrThePoolDoesNotCarry() {
        var world = new World(3, 3, 10, 0);

        assertThat(world.renewal(world.parent.validUntil().plusSeconds(1))).isEqualTo("license.outside-validity");
        assertThat(world.renewal(world.ends.minusSeconds(1))).isEqualTo("license.not-later");
        world.assertUntouched(3);
        clock.move(Duration.ofDays(10)); // over, and back in the pool
        var heir = new World(world.parent, 3);

        assertThatExceptionOfType(PoolExhausted.class)
                .isThrownBy(() -> world.renewal(world.ends.plus(Duration.ofDays(20))));
        asAdmin(heir.tenant, () -> subLicenses.revoke(heir.id));
        asAdmin(world.tenant, () -> operations.renew(world.id, world.ends.plus(Duration.ofDays(20)), null, null));
        world.assertPool(3, 0);
    }

    @Test
    void suspendsWithoutTakingAnythingAway(AssertablePublishedEvents events) {
        var world = new World(10, 3);
        var running = world.run();

        var suspended = asAdmin(world.tenant, () -> operations.suspend(world.id, null));

        assertThat(suspended.state()).isEqualTo(SubLicenseState.SUSPENDED);
        assertThat(world.file().suspended()).isTrue();
        world.renew(running);
        assertThatExceptionOfType(NotInForce.class).isThrownBy(world::run);
        assertThatExceptionOfType(NotInForce.class).isThrownBy(world::publish);
        world.assertPool(3, 7);
        assertThatExceptionOfType(WrongState.class)
                .isThrownBy(() -> asAdmin(world.tenant, () -> operations.suspend(world.id, null)));

        var resumed = asAdmin(world.tenant, () -> operations.resume(world.id, null));

        assertThat(resumed.state()).isEqualTo(SubLicenseState.ACTIVE);
        assertThat(world.file().suspended()).isFalse();
        assertThat(world.file().serial()).isEqualTo(3);
        world.run();
        assertThat(world.publish()).isEqualTo(30);
        assertThatExceptionOfType(WrongState.class)
                .isThrownBy(() -> asAdmin(world.tenant, () -> operations.resume(world.id, null)));
        assertThat(events).contains(SubLicenseSuspended.class).matching(SubLicenseSuspended::subLicense, world.id);
        assertThat(events).contains(SubLicenseResumed.class).matching(SubLicenseResumed::subLicense, world.id);
    }

    @Test
    void givesASuspendedOneNoMoreThanTimeDoes() {
        assertThat(Ladder.suspended(SubLicenseState.RESTRICTED)).isEqualTo(SubLicenseState.FROZEN);
        assertThat(Ladder.suspended(SubLicenseState.REVOKED)).isEqualTo(SubLicenseState.REVOKED);
    }

    @Test
    void revokesAtOnceUnlessToldOtherwise() {
        var world = new World(10, 3);
        var running = world.run();

        assertThatExceptionOfType(LeasesRunning.class)
                .isThrownBy(() -> asAdmin(world.tenant, () -> operations.revoke(world.id, LeaseRule.REFUSE, null)));
        world.assertUntouched(3);
        asAdmin(world.tenant, () -> subLicenses.revoke(world.id));

        world.assertPool(0, 10);
        assertThat(world.file().serial()).isEqualTo(2);
        assertThatExceptionOfType(NotInForce.class).isThrownBy(() -> world.renew(running));
    }

    @Test
    void revokesWithAGraceForThoseWhoRun() {
        var world = new World(10, 3);
        var running = world.run();

        var revoked = asAdmin(world.tenant, () -> operations.revoke(world.id, DRAIN_IN_2_HOURS, "contract over"));

        assertThat(revoked.state()).isEqualTo(SubLicenseState.REVOKED);
        assertThat(holders.asked()).contains(running);
        assertThatExceptionOfType(NotInForce.class).isThrownBy(world::run);
        world.keepRunning(Duration.ofMinutes(117), running);
        world.assertPool(3, 7);
        clock.move(Duration.ofMinutes(3));
        assertThatExceptionOfType(NotInForce.class).isThrownBy(() -> world.renew(running));
        world.assertPool(0, 10);
    }

    @Test
    void changesNothingOfARevokedOne() {
        var world = new World(10, 3);
        asAdmin(world.tenant, () -> subLicenses.revoke(world.id));

        world.eachChange().forEach(change -> assertThatThrownBy(change).isInstanceOf(AlreadyRevoked.class));
        assertThat(world.file().serial()).isEqualTo(2);
    }

    @Test
    void obeysTheProviderAloneAndNeverReachesAnotherTenant() {
        var world = new World(10, 3);
        var mallory = tenants.any();

        for (var change : world.eachChangeIn(mallory)) {
            assertThatThrownBy(change).isInstanceOf(UnknownSubLicense.class);
        }
        assertThatExceptionOfType(UnknownSubLicense.class)
                .isThrownBy(() -> asMember(mallory, () -> operations.history(world.id, null, 10)));
        assertThatExceptionOfType(TenancyException.Forbidden.class)
                .isThrownBy(() ->
                        asMember(world.tenant, () -> operations.resize(world.id, granting(9), LeaseRule.REFUSE, null)));
        assertThatExceptionOfType(TenancyException.Forbidden.class)
                .isThrownBy(() -> asMember(world.tenant, () -> operations.preview(world.id, granting(9))));
        world.assertUntouched(3);
    }

    @Test
    void cannotChangeTermsBehindTheFilesBack() {
        var world = new World(10, 3);

        for (var change : List.of(
                "update licensing.sub_license set instances = 100",
                "update licensing.sub_license set valid_until = 'infinity'",
                "update licensing.sub_license set revoked_at = now()",
                "update licensing.sub_license set serial = serial + 1")) {
            assertThatThrownBy(() -> world.inTheDatabase(change))
                    .as(change)
                    .hasRootCauseMessage("ERROR: the terms of a sub-licence change only when it is signed again\n"
                            + "  Where: PL/pgSQL function licensing.terms_change_with_the_file() line 6 at RAISE");
        }
        assertThatThrownBy(() -> world.inTheDatabase("update licensing.pool_share set instances = 0"))
                .rootCause()
                .hasMessageContaining("a share of the licence pool must say what its sub-licence says");
        world.assertUntouched(3);
        world.assertPool(3, 7);
    }

    private static Terms granting(long instances) {
        return Terms.of(instances(instances));
    }

    /** A tenant with a sub-licence. */
    private final class World {
        final TenantId tenant = tenants.any();
        final LicenseSummary parent;
        final SubLicenseId id;
        final Instant ends;

        World(long pool, long granted) {
            this(asAdmin(() -> licenses.load(licence(clock, instances(pool)))), granted);
        }

        World(LicenseSummary parent, long granted) {
            this.parent = parent;
            this.ends = parent.validUntil();
            this.id = asAdmin(tenant, () -> subLicenses.allocate(share(parent, instances(granted))))
                    .id();
        }

        World(long pool, long granted, int days, int graceDays) {
            this.parent = asAdmin(() -> licenses.load(licence(clock, instances(pool))));
            this.ends = parent.validFrom().plus(Duration.ofDays(days));
            this.id = asAdmin(
                            tenant,
                            () -> subLicenses.allocate(new Allocation(
                                    parent.id(), parent.validFrom(), ends, graceDays, instances(granted))))
                    .id();
        }

        SubLicenseSummary resize(long granted, LeaseRule rule) {
            return asAdmin(tenant, () -> operations.resize(id, granting(granted), rule, null));
        }

        String renewal(Instant until) {
            try {
                asAdmin(tenant, () -> operations.renew(id, until, null, null));
                return "renewed";
            } catch (AllocationRefused e) {
                return e.errors().getFirst().code();
            }
        }

        List<ThrowingCallable> eachChange() {
            return eachChangeIn(tenant);
        }

        List<ThrowingCallable> eachChangeIn(TenantId tenant) {
            return List.of(
                    () -> asAdmin(tenant, () -> operations.resize(id, granting(1), LeaseRule.REFUSE, null)),
                    () -> asAdmin(tenant, () -> operations.preview(id, granting(1))),
                    () -> asAdmin(tenant, () -> operations.renew(id, ends, null, null)),
                    () -> asAdmin(tenant, () -> operations.suspend(id, null)),
                    () -> asAdmin(tenant, () -> operations.resume(id, null)),
                    () -> asAdmin(tenant, () -> operations.revoke(id, LeaseRule.REFUSE, null)));
        }

        UUID run() {
            clock.move(Duration.ofSeconds(1)); // one is the newer
            var instance = UUID.randomUUID();
            renew(instance);
            return instance;
        }

        Instant renew(UUID instance) {
            return CurrentTenant.callAs(tenant, () -> seats.lease(id, instance)).until();
        }

        void keepRunning(Duration time, UUID... running) {
            for (var end = clock.instant().plus(time); clock.instant().isBefore(end); ) {
                clock.move(Duration.ofMinutes(3));
                for (var instance : running) {
                    renew(instance);
                }
            }
        }

        boolean giveUp(UUID instance) {
            return CurrentTenant.callAs(tenant, () -> drained.giveUp(instance));
        }

        long publish() {
            return CurrentTenant.callAs(tenant, () -> transactions.execute(status -> gate.virtualServiceLimit(id)));
        }

        SubLicense file() {
            var text = asMember(tenant, () -> subLicenses.file(id));
            return LicenseFile.readSubLicense(text, LicensingWorld.TRUSTED).child();
        }

        void inTheDatabase(String change) {
            CurrentTenant.runAs(
                    tenant,
                    () -> transactions.executeWithoutResult(status -> jdbc.sql(change
                                    + (change.contains("pool_share")
                                            ? " where sub_license_id = :id"
                                            : " where id = :id"))
                            .param("id", id.value())
                            .update()));
        }

        void assertPool(long allocated, long free) {
            assertThat(asAdmin(() -> licenses.pool(parent.id())).lines())
                    .contains(new Count(Metric.INSTANCES, allocated + free, allocated, free));
        }

        void assertUntouched(long granted) {
            var now = asMember(tenant, () -> subLicenses.get(id));
            assertThat(now.serial()).isEqualTo(1);
            assertThat(now.entitlements()).isEqualTo(instances(granted));
            assertThat(file().serial()).isEqualTo(1);
            assertThat(asMember(tenant, () -> operations.history(id, null, 10))).hasSize(1);
        }
    }
}
