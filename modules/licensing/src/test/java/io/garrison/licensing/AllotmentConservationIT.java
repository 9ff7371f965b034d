package io.garrison.licensing;

import static io.garrison.licensing.LicensingFixture.count;
import static io.garrison.licensing.LicensingWorld.asAdmin;
import static io.garrison.licensing.LicensingWorld.instances;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.SettableClock;
import io.garrison.TestDatabase;
import io.garrison.licensing.AllotmentException.Exhausted;
import io.garrison.licensing.LeaseRule.IfLeasesBreak;
import io.garrison.licensing.LicenseException.PoolExhausted;
import io.garrison.licensing.Overage.Policy;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.SubLicenseOperations.Terms;
import io.garrison.licensing.SubLicenseTransfers.Order;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.ResellerId;
import io.garrison.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
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
 * That at no level of a licence's tree more is given away than the level may, looked at with SQL of the test's own which
 * reads what was signed and who runs.
 */
@ApplicationModuleTest(BootstrapMode.ALL_DEPENDENCIES)
class AllotmentConservationIT {

    private static final int THREADS = 4;
    private static final int STEPS = 40;
    private static final List<String> FACTORS = List.of("1", "1.25", "1.5", "2");

    @Autowired
    LicensingFixture fixture;

    @Autowired
    AllotmentAdministration allotments;

    @Autowired
    LicenseOvercommit overcommit;

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
    private final Map<String, Integer> done = new ConcurrentHashMap<>();

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        LicensingWorld.properties(registry);
    }

    @BeforeEach
    void goByTheLatestTime() {
        tenants.catchUp(clock);
        sold.clear();
        done.clear();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void holdsAtEveryLevelAtEachCommitOfAnyHistory(long seed) throws Exception {
        var license = fixture.license(16, "1.25");
        var resellers = List.of(fixture.reseller(), fixture.reseller());
        var customers = new ArrayList<TenantId>(List.of(tenants.any(), tenants.any()));
        resellers.forEach(
                reseller -> customers.addAll(List.of(fixture.tenantOf(reseller), fixture.tenantOf(reseller))));
        resellers.forEach(reseller -> fixture.allot(reseller, license, 4, "1.25"));
        var broken = new CopyOnWriteArrayList<String>();
        var faults = new CopyOnWriteArrayList<Throwable>();
        var steps = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            IntStream.range(0, THREADS)
                    .forEach(thread -> threads.submit(() -> {
                        var dice = new Random(seed * 31 + thread);
                        for (int step = 0; step < STEPS; step++) {
                            try {
                                if (does(license, resellers, customers, dice)) {
                                    steps.incrementAndGet();
                                }
                                broken.addAll(broken(license));
                            } catch (RuntimeException e) {
                                faults.add(e);
                            }
                        }
                    }));
        }

        assertThat(broken).isEmpty();
        assertThat(faults).isEmpty();
        assertThat(steps.get()).as("steps that were not refused: " + done).isGreaterThan(THREADS * STEPS / 10);
        assertThat(done).containsKeys("allocate", "resize", "lease", "allotment");
    }

    @Test
    void findsAPlantedFaultAtEitherLevel() {
        var license = fixture.license(6);
        var reseller = fixture.reseller();
        var allotment = fixture.allot(reseller, license, 3);
        fixture.allocate(fixture.tenantOf(reseller), license, 3);
        assertThat(broken(license)).isEmpty();

        TestDatabase.execute("update licensing.allotment set instances = 2 where id = '%s'".formatted(allotment.id()));
        assertThat(broken(license)).singleElement().asString().contains("allotment", "instances: 3 of 2");
        TestDatabase.execute("update licensing.allotment set instances = 7 where id = '%s'".formatted(allotment.id()));
        assertThat(broken(license)).singleElement().asString().contains("licence", "instances: 7 of 6");
    }

    @Test
    void movesBetweenTenantsOfDifferentResellersAtBothLevelsOrNotAtAll() {
        var license = fixture.license(10);
        var north = fixture.reseller();
        var south = fixture.reseller();
        var northern = fixture.allot(north, license, 4);
        var southern = fixture.allot(south, license, 4);
        var giver = sell(fixture.tenantOf(north), license, 3);
        var taker = sell(fixture.tenantOf(south), license, 3);
        var own = sell(tenants.any(), license, 1);

        transfer(giver, taker, 1);
        assertThat(fixture.pool(northern)).isEqualTo(count(4, "1", 2, 2));
        assertThat(fixture.pool(southern)).isEqualTo(count(4, "1", 4, 0));
        assertThat(fixture.pool(license)).isEqualTo(count(10, "1", 9, 1));

        assertThatExceptionOfType(Exhausted.class).isThrownBy(() -> transfer(giver, taker, 1));
        assertThatExceptionOfType(Exhausted.class).isThrownBy(() -> transfer(own, taker, 1));
        transfer(taker, own, 1);
        assertThat(fixture.pool(southern)).isEqualTo(count(4, "1", 3, 1));
        assertThat(fixture.pool(license)).as("out of the licence pool").isEqualTo(count(10, "1", 10, 0));
        assertThatExceptionOfType(PoolExhausted.class).isThrownBy(() -> transfer(taker, own, 1));
        transfer(own, taker, 1);
        assertThat(fixture.pool(license)).isEqualTo(count(10, "1", 9, 1));
        assertThat(broken(license)).isEmpty();
    }

    private boolean does(LicenseSummary license, List<ResellerId> resellers, List<TenantId> customers, Random dice) {
        try {
            var any = sold.entrySet().stream()
                    .skip(dice.nextInt(Math.max(1, sold.size())))
                    .findFirst();
            int what = dice.nextInt(14);
            String did;
            if (what < 3) {
                did = allotment(license, resellers.get(dice.nextInt(resellers.size())), dice);
            } else if (any.isEmpty() || what < 6) {
                did = allocate(license, customers.get(dice.nextInt(customers.size())), dice);
            } else {
                did = change(any.get().getValue(), any.get().getKey(), what, dice);
            }
            done.merge(did, 1, Integer::sum);
            return true;
        } catch (Refusal e) {
            return false;
        } catch (DataAccessException | TransactionException e) {
            return false; // no connection in time, on a busy machine
        }
    }

    private String allotment(LicenseSummary license, ResellerId reseller, Random dice) {
        var held = asAdmin(() -> allotments.list(reseller, null, 1));
        var factor = FACTORS.get(dice.nextInt(FACTORS.size()));
        if (dice.nextInt(6) == 0) {
            asAdmin(() -> overcommit.set(license.id(), LicensingFixture.times(factor), -1));
            return "overcommit";
        }
        if (held.isEmpty()) {
            fixture.allot(reseller, license, 2 + dice.nextInt(5), factor);
            return "allot";
        }
        if (dice.nextInt(4) == 0) {
            fixture.release(held.getFirst());
            return "release";
        }
        fixture.resize(held.getFirst(), 2 + dice.nextInt(7), factor);
        return "allotment";
    }

    private String allocate(LicenseSummary license, TenantId tenant, Random dice) {
        var until = dice.nextBoolean()
                ? license.validUntil()
                : clock.instant().plus(Duration.ofHours(1 + dice.nextInt(48)));
        var overage = dice.nextBoolean() ? Overage.DENY : new Overage(Policy.BILL, null);
        var made = asAdmin(
                tenant,
                () -> subLicenses.allocate(new Allocation(
                        license.id(),
                        license.validFrom(),
                        until,
                        0,
                        instances(1 + dice.nextInt(3)),
                        new Overages(Map.of(Metric.INSTANCES, overage)))));
        sold.put(made.id(), tenant);
        return "allocate";
    }

    private String change(TenantId tenant, SubLicenseId id, int what, Random dice) {
        switch (what) {
            case 6, 7 -> {
                asAdmin(
                        tenant,
                        () -> operations.resize(
                                id,
                                Terms.of(instances(1 + dice.nextInt(5))),
                                new LeaseRule(IfLeasesBreak.GRACE, dice.nextInt(3)),
                                null));
                return "resize";
            }
            case 8 -> {
                asAdmin(tenant, () -> subLicenses.revoke(id));
                sold.remove(id);
                return "revoke";
            }
            case 9 -> {
                asAdmin(tenant, () -> operations.renew(id, clock.instant().plus(Duration.ofDays(5)), null, null));
                return "renew";
            }
            case 10, 11 -> {
                CurrentTenant.callAs(tenant, () -> seats.lease(id, UUID.randomUUID()));
                return "lease";
            }
            case 12 -> {
                clock.move(Duration.ofHours(1));
                return "expire";
            }
            default -> {
                sold.forEach((other, holder) -> {
                    if (!other.equals(id) && dice.nextInt(3) == 0) {
                        transfer(new Sold(tenant, id), new Sold(holder, other), 1);
                    }
                });
                return "transfer";
            }
        }
    }

    private record Sold(TenantId tenant, SubLicenseId id) {}

    private Sold sell(TenantId tenant, LicenseSummary license, long granted) {
        return new Sold(tenant, fixture.allocate(tenant, license, granted).id());
    }

    private void transfer(Sold from, Sold to, long amount) {
        asAdmin(
                from.tenant,
                () -> transfers.request(
                        from.id,
                        new Order(
                                to.tenant,
                                to.id,
                                new Entitlements(amount, amount, amount, Set.of()),
                                LeaseRule.REFUSE,
                                null,
                                null)));
    }

    /** What is given away beyond what may be, at the time of the clock. */
    private List<String> broken(LicenseSummary license) {
        while (true) {
            var now = clock.instant();
            var broken = broken(license, now);
            if (clock.instant().equals(now)) { // else commits of a later time may be among what was read
                return broken;
            }
        }
    }

    /** Seats that run beyond a limit count as well, whether the limit was lowered or the rule lets them. */
    private List<String> broken(LicenseSummary license, Instant now) {
        return ProviderScope.call(() -> transactions.execute(status -> jdbc.sql("""
                        with leaf as (
                            select p.allotment_id, s.instances as i, s.throughput_bps as t, s.virtual_services as v,
                                greatest(0, (select count(*) from licensing.seat_lease e where e.sub_license_id = s.id
                                    and e.expires_at > :now) - s.instances) as beyond
                            from licensing.sub_license s join licensing.pool_share p on p.sub_license_id = s.id
                            where s.license_id = :id and s.revoked_at is null
                                and s.valid_until + s.grace_days * interval '1 day' > :now),
                        level as (
                            select 'allotment' as name, a.instances as li, a.throughput_bps as lt, a.virtual_services as lv,
                                a.instances_overcommit as fi, a.throughput_bps_overcommit as ft,
                                a.virtual_services_overcommit as fv,
                                coalesce(sum(l.i + l.beyond), 0) as gi, coalesce(sum(l.t), 0) as gt,
                                coalesce(sum(l.v), 0) as gv
                            from licensing.allotment a left join leaf l on l.allotment_id = a.id
                            where a.license_id = :id and a.released_at is null group by a.id
                            union all
                            select 'licence', p.instances, p.throughput_bps, p.virtual_services, p.instances_overcommit,
                                p.throughput_bps_overcommit, p.virtual_services_overcommit, g.i + c.i, g.t + c.t, g.v + c.v
                            from licensing.license p
                            cross join (select
                                coalesce(sum(case when allotment_id is null then i else 0 end + beyond), 0) as i,
                                coalesce(sum(t) filter (where allotment_id is null), 0) as t,
                                coalesce(sum(v) filter (where allotment_id is null), 0) as v from leaf) as g
                            cross join (select coalesce(sum(instances), 0) as i, coalesce(sum(throughput_bps), 0) as t,
                                coalesce(sum(virtual_services), 0) as v from licensing.allotment
                                where license_id = :id and released_at is null) as c
                            where p.id = :id)
                        select name || ' ' || metric || ': ' || given || ' of ' || floor(has * factor)
                        from level cross join lateral (values ('instances', gi, li, fi), ('throughput', gt, lt, ft),
                            ('virtual services', gv, lv, fv)) as line (metric, given, has, factor)
                        where given > floor(has * factor)
                        union all
                        select 'cut from an allotment that is gone' from leaf l join licensing.allotment a
                            on a.id = l.allotment_id where a.released_at is not null
                        """)
                .param("id", license.id().value())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query(String.class)
                .list()));
    }
}
