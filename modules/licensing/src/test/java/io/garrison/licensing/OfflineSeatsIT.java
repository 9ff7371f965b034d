package io.garrison.licensing;

import static io.garrison.licensing.LicensingFixture.count;
import static io.garrison.licensing.LicensingWorld.asAdmin;
import static io.garrison.licensing.LicensingWorld.instances;
import static io.garrison.licensing.LicensingWorld.share;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.SettableClock;
import io.garrison.licensing.LeaseRule.IfLeasesBreak;
import io.garrison.licensing.LicenseException.NotInForce;
import io.garrison.licensing.LicenseException.PoolExhausted;
import io.garrison.licensing.LicensePool.Count;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.SubLicenseOperations.Terms;
import io.garrison.licensing.SubLicenseTransfers.Order;
import io.garrison.protocol.LeaseReceipt;
import io.garrison.protocol.LeaseSigning;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** An offline lease cannot be called back, so its seat is sold to nobody else before it ends; see ADR 8. */
@ApplicationModuleTest(BootstrapMode.ALL_DEPENDENCIES)
class OfflineSeatsIT {

    private static final Duration STEP = Duration.ofDays(20);
    private static final LeaseRule AT_ONCE = new LeaseRule(IfLeasesBreak.GRACE, 0);
    private static final LeaseRule IN_2_HOURS = new LeaseRule(IfLeasesBreak.GRACE, 2);
    private static final LeaseRule IN_4_HOURS = new LeaseRule(IfLeasesBreak.GRACE, 4);

    @Autowired
    LicensingFixture fixture;

    @Autowired
    SubLicenseAdministration subLicenses;

    @Autowired
    SubLicenseOperations operations;

    @Autowired
    SubLicenseTransfers transfers;

    @Autowired
    InstanceSeats seats;

    @Autowired
    DrainedSeats drained;

    @Autowired
    LicensingDataOwner data;

    @Autowired
    LicenseHoldings holdings;

    @Autowired
    TestTenants tenants;

    @Autowired
    SettableClock clock;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        LicensingWorld.properties(registry);
    }

    @BeforeEach
    void goByTheLatestTime() {
        tenants.catchUp(clock);
    }

    @Test
    void countInThePoolAfterTheLimitWasLoweredWithoutAGrace() {
        var world = new World(10, 5);
        world.runOffline(5, 90);

        world.resize(0, AT_ONCE);

        assertThat(world.pool()).isEqualTo(seats(10, 5));
        assertThatExceptionOfType(PoolExhausted.class).isThrownBy(() -> new World(world.license, 6));
        new World(world.license, 5);
        world.pass(Duration.ofDays(90).minusSeconds(1));
        assertThat(world.pool()).isEqualTo(seats(10, 10));
        world.pass(Duration.ofSeconds(1));
        assertThat(world.pool()).isEqualTo(seats(10, 5));
    }

    @Test
    void lingerBeyondTheGraceOfALoweredLimit() {
        var world = new World(10, 5);
        world.runOffline(2, 10);

        world.resize(0, IN_2_HOURS);
        clock.move(Duration.ofHours(3));

        assertThat(world.pool()).isEqualTo(seats(10, 2));
    }

    @Test
    void outliveASubLicenceThatWasRevoked() {
        var world = new World(10, 5);
        world.runOffline(3, 90);
        world.run();

        asAdmin(world.tenant, () -> subLicenses.revoke(world.id));

        assertThat(world.pool()).isEqualTo(seats(10, 3));
        assertThat(asAdmin(() -> holdings.tenants(world.license.id(), LicenseHoldings.Filter.ALL)))
                .singleElement()
                .extracting(LicenseHoldings.TenantHolding::held)
                .as("seats and nothing else")
                .isEqualTo(new Entitlements(3, 0, 0, Set.of()));
        assertThatExceptionOfType(PoolExhausted.class).isThrownBy(() -> new World(world.license, 8));
        new World(world.license, 7);
        world.pass(Duration.ofDays(90));
        assertThat(world.pool()).isEqualTo(seats(10, 7));
    }

    @Test
    void outliveTheGraceOfARevocation() {
        var world = new World(10, 5);
        world.runOffline(2, 30);
        world.run();

        asAdmin(world.tenant, () -> operations.revoke(world.id, IN_2_HOURS, null));

        assertThat(world.pool()).as("the whole share for the grace").isEqualTo(seats(10, 5));
        world.pass(Duration.ofHours(2));
        assertThat(world.pool()).isEqualTo(seats(10, 2));
        world.pass(Duration.ofDays(30));
        assertThat(world.pool()).isEqualTo(seats(10, 0));
    }

    @Test
    void outliveTheTenant() {
        var world = new World(10, 5);
        world.runOffline(5, 90);

        CurrentTenant.callAs(world.tenant, () -> data.erase(world.tenant));

        assertThat(world.pool()).isEqualTo(seats(10, 5));
        assertThatExceptionOfType(PoolExhausted.class).isThrownBy(() -> new World(world.license, 6));
        world.pass(Duration.ofDays(90));
        assertThat(world.pool()).isEqualTo(seats(10, 0));
    }

    @Test
    void outliveAGraceThatWasShortened() {
        var world = new World(10, 5, 10, 60);
        world.runOffline(4, 60);

        asAdmin(world.tenant, () -> operations.renew(world.id, world.ends, 0, null));

        assertThat(world.pool()).isEqualTo(seats(10, 5));
        world.pass(Duration.ofDays(10));
        assertThat(world.pool()).isEqualTo(seats(10, 4));
        asAdmin(world.tenant, () -> operations.renew(world.id, world.ends.plus(Duration.ofDays(100)), 0, null));
        assertThat(world.pool()).as("among those that are granted again").isEqualTo(seats(10, 5));
    }

    @Test
    void lingerWhateverIsRenewed() {
        var world = new World(10, 5, 10, 60);
        world.runOffline(4, 60);
        world.resize(1, AT_ONCE);

        asAdmin(world.tenant, () -> operations.renew(world.id, world.ends, 60, null));
        assertThat(world.pool()).isEqualTo(seats(10, 4));
        asAdmin(world.tenant, () -> operations.renew(world.id, world.ends, 0, null));
        world.pass(Duration.ofDays(11));
        assertThat(world.pool()).as("over, but for the leases").isEqualTo(seats(10, 4));
        asAdmin(world.tenant, () -> operations.renew(world.id, world.ends.plus(Duration.ofDays(20)), 0, null));

        assertThat(world.pool()).as("one granted, three linger").isEqualTo(seats(10, 4));
    }

    @Test
    void areFreeWhenTheirLeaseComesBack() {
        var world = new World(10, 5);
        var lowered = world.runOffline(2, 90);
        world.resize(0, AT_ONCE);
        assertThat(world.pool()).isEqualTo(seats(10, 2));

        world.takeBack(lowered);
        assertThat(world.pool()).isEqualTo(seats(10, 1));

        var other = new World(10, 5);
        var revoked = other.runOffline(2, 90);
        asAdmin(other.tenant, () -> subLicenses.revoke(other.id));
        assertThat(other.pool()).isEqualTo(seats(10, 2));

        other.takeBack(revoked);
        assertThat(other.pool()).isEqualTo(seats(10, 1));
    }

    @Test
    void aDrainedInstanceFreesTheSeatThatLingered() {
        var world = new World(10, 2);
        world.run();
        var young = world.run();
        world.resize(1, IN_2_HOURS);
        assertThat(world.pool()).isEqualTo(seats(10, 2));

        CurrentTenant.callAs(world.tenant, () -> drained.giveUp(young));

        assertThat(world.pool()).isEqualTo(seats(10, 1));
    }

    @Test
    void aSeatThatIsGivenUpInTheGraceOfARevocationAddsNothing() {
        var world = new World(10, 3);
        world.run();
        world.run();
        var young = world.run();
        asAdmin(world.tenant, () -> operations.revoke(world.id, IN_2_HOURS, null));
        assertThat(world.pool()).isEqualTo(seats(10, 3));

        CurrentTenant.callAs(world.tenant, () -> drained.giveUp(young));

        assertThat(world.pool()).isEqualTo(seats(10, 3));
    }

    @Test
    void aRevocationKeepsTheShareForSeatsThatLongerLinger() {
        var world = new World(10, 4);
        world.run();
        world.run();
        world.resize(1, IN_4_HOURS);

        asAdmin(world.tenant, () -> operations.revoke(world.id, IN_2_HOURS, null));
        clock.move(Duration.ofHours(3));

        assertThat(world.pool()).as("one granted, one lingers").isEqualTo(seats(10, 2));
        clock.move(Duration.ofHours(1));
        assertThat(world.pool()).isEqualTo(seats(10, 0));
    }

    @Test
    void aRevocationWithoutAGraceLetsNoSeatLinger() {
        var world = new World(10, 4);
        world.run();
        var young = world.run();
        world.resize(1, IN_4_HOURS);

        asAdmin(world.tenant, () -> subLicenses.revoke(world.id));

        assertThat(world.pool()).isEqualTo(seats(10, 0));
        assertThatExceptionOfType(NotInForce.class).isThrownBy(() -> world.lease(young));
    }

    @Test
    void lingerWhenTheirEntitlementIsTransferred() {
        var giver = new World(10, 5);
        giver.runOffline(5, 30);
        var taker = new World(giver.license, 1);

        asAdmin(
                giver.tenant,
                () -> transfers.request(
                        giver.id,
                        new Order(taker.tenant, taker.id, new Entitlements(4, 0, 0, Set.of()), AT_ONCE, null, null)));

        assertThat(giver.pool()).as("6 granted, 4 linger").isEqualTo(seats(10, 10));
        giver.pass(Duration.ofDays(30));
        assertThat(giver.pool()).isEqualTo(seats(10, 6));
    }

    @Test
    void countInTheAllotmentThatTheyWereCutFrom() {
        var license = fixture.license(20);
        var reseller = fixture.reseller();
        var allotment = fixture.allot(reseller, license, 10);
        var world = new World(license, fixture.tenantOf(reseller), 5);
        world.runOffline(3, 30);

        asAdmin(world.tenant, () -> subLicenses.revoke(world.id));

        assertThat(fixture.pool(allotment)).isEqualTo(seats(10, 3));
        assertThat(fixture.pool(license)).as("on top of the allotment").isEqualTo(seats(20, 13));
        world.pass(Duration.ofDays(30));
        assertThat(fixture.pool(allotment)).isEqualTo(seats(10, 0));
        assertThat(fixture.pool(license)).isEqualTo(seats(20, 10));
    }

    private static Count seats(long limit, long allocated) {
        return count(limit, "1", allocated, limit - allocated);
    }

    /** A tenant with a sub-licence. */
    private final class World {
        final TenantId tenant;
        final LicenseSummary license;
        final SubLicenseId id;
        final Instant ends;
        private UUID newest = UUID.randomUUID();

        World(long pool, long granted) {
            this(fixture.license(pool), granted);
        }

        World(LicenseSummary license, long granted) {
            this(license, tenants.any(), granted);
        }

        World(LicenseSummary license, TenantId tenant, long granted) {
            this(license, tenant, share(license, instances(granted)));
        }

        World(long pool, long granted, int days, int graceDays) {
            this(fixture.license(pool), granted, days, graceDays);
        }

        private World(LicenseSummary license, long granted, int days, int graceDays) {
            this(
                    license,
                    tenants.any(),
                    new Allocation(
                            license.id(),
                            license.validFrom(),
                            license.validFrom().plus(Duration.ofDays(days)),
                            graceDays,
                            instances(granted)));
        }

        private World(LicenseSummary license, TenantId tenant, Allocation asked) {
            this.license = license;
            this.tenant = tenant;
            this.ends = asked.validUntil();
            this.id = asAdmin(tenant, () -> subLicenses.allocate(asked)).id();
        }

        /** @return the lease of the last one */
        SeatLease runOffline(int count, int days) {
            for (int each = 1; each < count; each++) {
                offline(days);
            }
            return offline(days);
        }

        private SeatLease offline(int days) {
            newest = UUID.randomUUID();
            return CurrentTenant.callAs(tenant, () -> seats.leaseOffline(id, newest, days));
        }

        void takeBack(SeatLease given) {
            var lease = LeaseSigning.verify(given.signed(), seats.trust());
            var receipt = new LeaseReceipt(UUID.randomUUID(), lease.id(), tenant.value(), newest, clock.instant());
            CurrentTenant.runAs(tenant, () -> seats.takeBack(receipt));
        }

        UUID run() {
            clock.move(Duration.ofSeconds(1)); // one is the newer
            var instance = UUID.randomUUID();
            lease(instance);
            return instance;
        }

        void lease(UUID instance) {
            CurrentTenant.runAs(tenant, () -> seats.lease(id, instance));
        }

        void resize(long granted, LeaseRule rule) {
            asAdmin(tenant, () -> operations.resize(id, Terms.of(instances(granted)), rule, null));
        }

        /** In steps that are believed. */
        void pass(Duration time) {
            var left = time;
            while (left.isPositive()) {
                var step = left.compareTo(STEP) < 0 ? left : STEP;
                clock.move(step);
                pool();
                left = left.minus(step);
            }
        }

        Count pool() {
            return fixture.pool(license);
        }
    }
}
