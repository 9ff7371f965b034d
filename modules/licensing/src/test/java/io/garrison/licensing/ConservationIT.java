package io.garrison.licensing;

import static io.garrison.licensing.LicensingWorld.asAdmin;
import static io.garrison.licensing.LicensingWorld.instances;
import static io.garrison.licensing.LicensingWorld.licence;
import static io.garrison.licensing.LicensingWorld.share;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.SettableClock;
import io.garrison.licensing.LeaseRule.IfLeasesBreak;
import io.garrison.licensing.LicenseException.PoolExhausted;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.SubLicenseOperations.Terms;
import io.garrison.licensing.SubLicenseTransfers.Order;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * That a licence is never given out twice, looked at with SQL of the test's own which reads what was signed, and not the
 * shares by which the product decides.
 */
@ApplicationModuleTest(BootstrapMode.ALL_DEPENDENCIES)
class ConservationIT {

    private static final int THREADS = 4;
    private static final int STEPS = 30;

    @Autowired
    LicenseAdministration licenses;

    @Autowired
    SubLicenseAdministration subLicenses;

    @Autowired
    SubLicenseOperations operations;

    @Autowired
    SubLicenseTransfers transfers;

    @Autowired
    InstanceSeats seats;

    @Autowired
    TestTenants tenants;

    @Autowired
    SettableClock clock;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    TransactionOperations transactions;

    private final Map<SubLicenseId, TenantId> sold = new ConcurrentHashMap<>();

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        LicensingWorld.properties(registry);
    }

    @BeforeEach
    void goByTheLatestTime() {
        tenants.catchUp(clock);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void holdsAtEachCommitOfAnyHistory(long seed) throws Exception {
        var parent = asAdmin(() -> licenses.load(licence(clock, instances(12))));
        var broken = new CopyOnWriteArrayList<String>();
        var done = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            IntStream.range(0, THREADS)
                    .forEach(thread -> threads.submit(() -> {
                        var dice = new Random(seed * 31 + thread);
                        for (int step = 0; step < STEPS; step++) {
                            if (does(parent, dice)) {
                                done.incrementAndGet();
                            }
                            broken.addAll(broken(parent));
                        }
                    }));
        }

        assertThat(broken).isEmpty();
        assertThat(done.get()).as("steps that were not refused").isGreaterThan(THREADS * STEPS / 10);
    }

    @Test
    void findsAPlantedFault() {
        var parent = asAdmin(() -> licenses.load(licence(clock, instances(3))));
        var tenant = tenants.any();
        asAdmin(tenant, () -> subLicenses.allocate(share(parent, instances(3))));
        assertThat(broken(parent)).isEmpty();

        CurrentTenant.runAs(
                tenant,
                () -> transactions.executeWithoutResult(
                        status -> jdbc.sql("""
                        update licensing.sub_license set instances = 4, serial = serial + 1, jws = 'forged'
                        where license_id = ?""").param(parent.id().value()).update()));

        assertThat(broken(parent)).singleElement().asString().contains("instances");
    }

    /** In waves, because each needs a connection; what is at once is what stands in the queue for the licence's row. */
    @Test
    void sellsTheLastSeatToOneOfAThousand() throws Exception {
        var parent = asAdmin(() -> licenses.load(licence(clock, instances(1))));
        var buyers = IntStream.range(0, 10).mapToObj(i -> tenants.any()).toList();
        var wave = new Semaphore(20);
        var won = new AtomicInteger();
        var refused = new AtomicInteger();
        var others = new CopyOnWriteArrayList<Throwable>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 1000)
                    .forEach(i -> threads.submit(() -> {
                        wave.acquireUninterruptibly();
                        try {
                            asAdmin(buyers.get(i % 10), () -> subLicenses.allocate(share(parent, instances(1))));
                            won.incrementAndGet();
                        } catch (PoolExhausted e) {
                            refused.incrementAndGet();
                        } catch (RuntimeException e) {
                            others.add(e);
                        } finally {
                            wave.release();
                        }
                    }));
        }

        assertThat(won).hasValue(1);
        assertThat(refused.get() + others.size()).isEqualTo(999);
        assertThat(others).as("busy, at worst").allMatch(e -> !(e instanceof LicenseException));
        assertThat(broken(parent)).isEmpty();
    }

    private boolean does(LicenseSummary parent, Random dice) {
        try {
            var any = sold.entrySet().stream()
                    .skip(dice.nextInt(Math.max(1, sold.size())))
                    .findFirst();
            int what = dice.nextInt(10);
            if (any.isEmpty() || what < 3) {
                allocate(parent, dice);
            } else {
                change(any.get().getValue(), any.get().getKey(), what, dice);
            }
            return true;
        } catch (LicenseException e) {
            return false;
        } catch (DataAccessException | TransactionException e) {
            return false; // no connection in time, on a busy machine
        }
    }

    private void allocate(LicenseSummary parent, Random dice) {
        var tenant = tenants.any();
        var until =
                dice.nextBoolean() ? parent.validUntil() : clock.instant().plus(Duration.ofHours(1 + dice.nextInt(48)));
        var made = asAdmin(
                tenant,
                () -> subLicenses.allocate(
                        new Allocation(parent.id(), parent.validFrom(), until, 0, instances(1 + dice.nextInt(4)))));
        sold.put(made.id(), tenant);
    }

    private void change(TenantId tenant, SubLicenseId id, int what, Random dice) {
        switch (what) {
            case 3, 4 ->
                asAdmin(
                        tenant,
                        () -> operations.resize(
                                id,
                                Terms.of(instances(1 + dice.nextInt(6))),
                                new LeaseRule(IfLeasesBreak.GRACE, dice.nextInt(3)),
                                null));
            case 5 -> asAdmin(tenant, () -> subLicenses.revoke(id));
            case 6 -> asAdmin(tenant, () -> operations.renew(id, clock.instant().plus(Duration.ofDays(5)), null, null));
            case 7 ->
                CurrentTenant.callAs(
                        tenant,
                        () -> dice.nextBoolean()
                                ? seats.lease(id, UUID.randomUUID())
                                : seats.leaseOffline(id, UUID.randomUUID(), 1 + dice.nextInt(4)));
            case 8 -> clock.move(Duration.ofHours(1));
            default ->
                sold.forEach((other, holder) -> {
                    if (!other.equals(id) && dice.nextInt(3) == 0) {
                        asAdmin(
                                tenant,
                                () -> transfers.request(
                                        id,
                                        new Order(
                                                holder,
                                                other,
                                                new Entitlements(1, 1, 1, Set.of()),
                                                LeaseRule.REFUSE,
                                                null,
                                                null)));
                    }
                });
        }
    }

    /** What is given out of the licence beyond what it has, at the time of the clock. */
    private List<String> broken(LicenseSummary parent) {
        while (true) {
            var now = clock.instant();
            var broken = broken(parent, now);
            if (clock.instant().equals(now)) { // else commits of a later time may be among what was read
                return broken;
            }
        }
    }

    private List<String> broken(LicenseSummary parent, Instant now) {
        return ProviderScope.call(() -> transactions.execute(status -> jdbc.sql("""
                        select metric || ': ' || given || ' of ' || has from (
                            select sum(s.instances) as i, sum(s.throughput_bps) as t, sum(s.virtual_services) as v
                            from licensing.sub_license s where s.license_id = :id and s.revoked_at is null
                                and s.valid_until + s.grace_days * interval '1 day' > :now) as g
                        join licensing.license l on l.id = :id
                        cross join lateral (select count(*) as n from licensing.seat_lease lease
                            join licensing.sub_license s on s.id = lease.sub_license_id
                            where s.license_id = :id and lease.offline and lease.expires_at > :now) as o
                        cross join lateral (values ('instances', g.i, l.instances), ('throughput', g.t, l.throughput_bps),
                            ('virtual services', g.v, l.virtual_services),
                            ('offline leases', o.n, l.instances)) as line (metric, given, has)
                        where given > has
                        """)
                .param("id", parent.id().value())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query(String.class)
                .list()));
    }
}
