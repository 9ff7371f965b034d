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
import io.garrison.licensing.ConsumptionView.State;
import io.garrison.licensing.LicenseException.NoSeatLeft;
import io.garrison.licensing.LicenseException.OverageRefused;
import io.garrison.licensing.LicenseException.PoolExhausted;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.licensing.LicensePool.Count;
import io.garrison.licensing.Overage.Policy;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.SubLicenseOperations.Terms;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
class OverageIT {

    private static final Overage BILL = new Overage(Policy.BILL, null);
    private static final Overage ALARM = new Overage(Policy.ALARM, null);

    @Autowired
    LicenseAdministration licenses;

    @Autowired
    SubLicenseAdministration subLicenses;

    @Autowired
    SubLicenseOperations operations;

    @Autowired
    InstanceSeats seats;

    @Autowired
    SubLicenses gate;

    @Autowired
    Consumption consumption;

    @Autowired
    ConsumptionView view;

    @Autowired
    TestTenants tenants;

    @Autowired
    SettableClock clock;

    @Autowired
    TransactionOperations transactions;

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
    void refusesTheNextSeatUnlessTold() {
        var world = new World(10, 2, Overage.DENY);
        world.run();
        world.run();

        assertThatExceptionOfType(NoSeatLeft.class).isThrownBy(world::run);
        assertThat(world.line(Metric.INSTANCES)).isEqualTo(world.expect(2L, 0, State.EXHAUSTED));
        assertThat(world.intervals()).isEmpty();
    }

    @Test
    void grantsUpToTheCeilingAndRefusesBeyond() {
        var world = new World(10, 2, Overage.upTo(3));
        world.run();
        world.run();
        world.run();

        assertThatExceptionOfType(NoSeatLeft.class).isThrownBy(world::run).withMessageContaining("All 3 seats");
        assertThat(world.line(Metric.INSTANCES)).isEqualTo(world.expect(3L, 1, State.OVER));
        var file = asMember(world.tenant, () -> subLicenses.file(world.id));
        assertThat(LicenseFile.readSubLicense(file, LicensingWorld.TRUSTED)
                        .child()
                        .overages()
                        .of(Metric.INSTANCES))
                .isEqualTo(Overage.upTo(3));
    }

    @Test
    void raisesAnAlarmOnce(AssertablePublishedEvents events) {
        var world = new World(10, 1, ALARM);
        world.run();
        assertThat(events.ofType(OverageBegan.class)).isEmpty();
        world.run();
        world.run();

        assertThat(world.line(Metric.INSTANCES).state()).isEqualTo(State.ALARM);
        assertThat(events.ofType(OverageBegan.class)
                        .matching(began -> began.subLicense().equals(world.id)))
                .hasSize(1);
        assertThat(tenants.audited(world.tenant)).containsOnlyOnce("overage.began");
    }

    @Test
    void recordsFromWhenToWhenHowMuchWasUsedBeyondTheLimit() {
        var world = new World(10, 1, BILL);
        world.run();
        var t1 = clock.instant();
        var first = world.run();
        clock.move(Duration.ofSeconds(60));
        var t2 = clock.instant();
        var second = world.run();
        clock.move(Duration.ofSeconds(60));
        var t3 = clock.instant();
        CurrentTenant.runAs(world.tenant, () -> seats.release(second));
        clock.move(Duration.ofSeconds(60));
        var t4 = clock.instant();
        CurrentTenant.runAs(world.tenant, () -> seats.release(first));

        assertThat(world.intervals())
                .extracting(
                        OverageInterval::from, OverageInterval::to, OverageInterval::amount, OverageInterval::policy)
                .containsExactly(
                        tuple(t3, t4, 1L, Policy.BILL), tuple(t2, t3, 2L, Policy.BILL), tuple(t1, t2, 1L, Policy.BILL));
        assertThat(tenants.audited(world.tenant)).containsOnlyOnce("overage.ended");
    }

    @Test
    void endsOverageWhenTheLeaseRanOutAndNotWhenItIsNoticed() {
        var world = new World(10, 1, BILL);
        var kept = world.run();
        var t1 = clock.instant();
        world.run();
        clock.move(Duration.ofMinutes(3));
        world.renew(kept);
        clock.move(Duration.ofMinutes(4)); // the other one ran out two minutes ago
        world.renew(kept);

        assertThat(world.intervals())
                .singleElement()
                .extracting(OverageInterval::from, OverageInterval::to)
                .containsExactly(t1, t1.plus(Duration.ofMinutes(5)));
        world.assertPool(1, 9);
    }

    @Test
    void takesOverageOutOfThePool() {
        var world = new World(3, 1, BILL);
        world.run();
        world.run();
        world.assertPool(2, 1);
        world.run();
        world.assertPool(3, 0);

        assertThatExceptionOfType(PoolExhausted.class)
                .as("the licence has no more")
                .isThrownBy(world::run);
        assertThatExceptionOfType(PoolExhausted.class)
                .as("nor for others")
                .isThrownBy(() -> new World(world.parent, 1, Overage.DENY));
        world.resize(2, Map.of());
        world.assertPool(3, 0);
        assertThat(world.line(Metric.INSTANCES).over()).isEqualTo(1);
        world.resize(3, Map.of());
        assertThat(world.intervals()).allMatch(interval -> interval.to() != null || interval.amount() < 1);
        world.assertPool(3, 0);
    }

    @Test
    void neverGrantsMoreThanTheCeilingAtOnce() {
        var world = new World(20, 2, Overage.upTo(5));

        var attempts = atOnce(20, () -> world.renew(UUID.randomUUID()));

        assertThat(attempts)
                .filteredOn(attempt -> attempt.state() == Future.State.SUCCESS)
                .hasSize(5);
        assertThat(world.line(Metric.INSTANCES)).isEqualTo(world.expect(5L, 3, State.OVER));
        world.assertPool(5, 15);
    }

    @Test
    void keepsTheRuleThroughAResizeThatDoesNotNameIt() {
        var world = new World(10, 2, Overage.upTo(4));

        assertThat(world.resize(3, Map.of()).overages().of(Metric.INSTANCES)).isEqualTo(Overage.upTo(4));
        assertThat(world.resize(3, Map.of(Metric.INSTANCES, Overage.DENY)).overages())
                .isEqualTo(Overages.NONE);
        world.run();
        world.run();
        world.run();
        assertThatExceptionOfType(NoSeatLeft.class).isThrownBy(world::run);
    }

    @Test
    void countsVirtualServicesAsTheyAreTold() {
        var world = new World(10, 1, Overage.DENY, new Overage(Policy.CEILING, 12L));
        assertThat(world.line(Metric.VIRTUAL_SERVICES).used()).as("nobody told").isNull();
        assertThat(world.line(Metric.THROUGHPUT_BPS).state()).isEqualTo(State.UNKNOWN);
        assertThat(world.virtualServiceLimit()).isEqualTo(12);

        world.tell(Metric.VIRTUAL_SERVICES, 12);
        assertThat(world.line(Metric.VIRTUAL_SERVICES).over()).isEqualTo(2);
        assertThatExceptionOfType(OverageRefused.class).isThrownBy(() -> world.tell(Metric.VIRTUAL_SERVICES, 13));
        clock.move(Duration.ofSeconds(1));
        world.tell(Metric.VIRTUAL_SERVICES, 10);

        assertThat(world.line(Metric.VIRTUAL_SERVICES).state()).isEqualTo(State.WITHIN);
        assertThat(world.intervals()).singleElement().matches(interval -> interval.to() != null);
    }

    @Test
    void letsVirtualServicesComeDownFromBeyondALoweredLimit() {
        var world = new World(10, 2, Overage.DENY);
        world.tell(Metric.VIRTUAL_SERVICES, 20);
        world.resize(1, Map.of());

        world.tell(Metric.VIRTUAL_SERVICES, 15);

        assertThat(world.line(Metric.VIRTUAL_SERVICES).used()).isEqualTo(15);
        assertThatExceptionOfType(OverageRefused.class).isThrownBy(() -> world.tell(Metric.VIRTUAL_SERVICES, 16));
        assertThat(world.intervals()).as("a lowered limit is no overage").isEmpty();
    }

    /** Who asks while the limit is being lowered waits, and is judged by the lower one. */
    @Test
    void judgesByTheLimitThatIsThereWhenTheirTurnComes() throws Exception {
        var world = new World(10, 2, Overage.DENY);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var publishing = asAdmin(
                    world.tenant,
                    () -> transactions.execute(status -> {
                        operations.resize(world.id, new Terms(instances(1), Map.of()), LeaseRule.REFUSE, null);
                        var told = threads.submit(() -> world.tell(Metric.VIRTUAL_SERVICES, 20));
                        awaitSomebodyWhoWaits();
                        return told;
                    }));

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(publishing::get)
                    .withCauseInstanceOf(OverageRefused.class);
        }
        assertThat(world.line(Metric.VIRTUAL_SERVICES).used()).isNull();
    }

    private void awaitSomebodyWhoWaits() {
        var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (jdbc.sql("select count(*) from pg_locks where not granted")
                        .query(Long.class)
                        .single()
                == 0) {
            assertThat(System.nanoTime()).as("nobody waits").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void keepsThroughputThatWasUsed() {
        var world = new World(10, 1, Overage.DENY);

        world.tell(Metric.THROUGHPUT_BPS, 5_000_000);

        assertThat(world.line(Metric.THROUGHPUT_BPS).used()).isEqualTo(5_000_000);
        assertThat(world.line(Metric.THROUGHPUT_BPS).over()).isEqualTo(4_000_000);
    }

    @Test
    void showsNothingToAnotherTenant() {
        var world = new World(10, 1, BILL);
        var mallory = tenants.any();

        assertThatExceptionOfType(UnknownSubLicense.class).isThrownBy(() -> asMember(mallory, () -> view.of(world.id)));
        assertThatExceptionOfType(UnknownSubLicense.class)
                .isThrownBy(() -> asMember(mallory, () -> view.overage(world.id, null, 10)));
        assertThatExceptionOfType(UnknownSubLicense.class)
                .isThrownBy(() ->
                        CurrentTenant.runAs(mallory, () -> consumption.tell(world.id, Metric.VIRTUAL_SERVICES, 1)));
    }

    private final class World {
        final TenantId tenant = tenants.any();
        final LicenseSummary parent;
        final SubLicenseId id;

        World(long pool, long granted, Overage seats) {
            this(pool, granted, seats, Overage.DENY);
        }

        World(long pool, long granted, Overage seats, Overage services) {
            this(asAdmin(() -> licenses.load(licence(clock, instances(pool)))), granted, seats, services);
        }

        World(LicenseSummary parent, long granted, Overage seats) {
            this(parent, granted, seats, Overage.DENY);
        }

        private World(LicenseSummary parent, long granted, Overage seats, Overage services) {
            this.parent = parent;
            var asked = new Allocation(
                    parent.id(),
                    parent.validFrom(),
                    parent.validUntil(),
                    14,
                    instances(granted),
                    new Overages(Map.of(Metric.INSTANCES, seats, Metric.VIRTUAL_SERVICES, services)));
            this.id = asAdmin(tenant, () -> subLicenses.allocate(asked)).id();
        }

        UUID run() {
            var instance = UUID.randomUUID();
            renew(instance);
            return instance;
        }

        Instant renew(UUID instance) {
            return CurrentTenant.callAs(tenant, () -> seats.lease(id, instance)).until();
        }

        void tell(Metric metric, long used) {
            CurrentTenant.runAs(tenant, () -> consumption.tell(id, metric, used));
        }

        long virtualServiceLimit() {
            return CurrentTenant.callAs(tenant, () -> transactions.execute(status -> gate.virtualServiceLimit(id)));
        }

        SubLicenseSummary resize(long granted, Map<Metric, Overage> rules) {
            return asAdmin(
                    tenant, () -> operations.resize(id, new Terms(instances(granted), rules), LeaseRule.REFUSE, null));
        }

        ConsumptionView.Line line(Metric metric) {
            return asMember(tenant, () -> view.of(id)).stream()
                    .filter(line -> line.metric() == metric)
                    .findFirst()
                    .orElseThrow();
        }

        ConsumptionView.Line expect(Long used, long over, State state) {
            var now = asMember(tenant, () -> subLicenses.get(id));
            return new ConsumptionView.Line(
                    Metric.INSTANCES,
                    now.entitlements().instances(),
                    now.overages().of(Metric.INSTANCES),
                    used,
                    over,
                    state);
        }

        List<OverageInterval> intervals() {
            return asMember(tenant, () -> view.overage(id, null, 100));
        }

        void assertPool(long allocated, long free) {
            assertThat(asAdmin(() -> licenses.pool(parent.id())).lines())
                    .contains(new Count(Metric.INSTANCES, allocated + free, allocated, free));
        }
    }
}
