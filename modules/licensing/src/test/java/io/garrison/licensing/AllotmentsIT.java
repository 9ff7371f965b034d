package io.garrison.licensing;

import static io.garrison.licensing.LicensingFixture.count;
import static io.garrison.licensing.LicensingFixture.portion;
import static io.garrison.licensing.LicensingFixture.times;
import static io.garrison.licensing.LicensingWorld.asAdmin;
import static io.garrison.licensing.LicensingWorld.asMember;
import static io.garrison.licensing.LicensingWorld.instances;
import static io.garrison.licensing.LicensingWorld.share;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.garrison.SettableClock;
import io.garrison.TestDatabase;
import io.garrison.licensing.AllotmentException.AlreadyAllotted;
import io.garrison.licensing.AllotmentException.BelowAllocated;
import io.garrison.licensing.AllotmentException.Exhausted;
import io.garrison.licensing.AllotmentException.FeaturesInUse;
import io.garrison.licensing.AllotmentException.NotAllotted;
import io.garrison.licensing.AllotmentException.ResellerSuspended;
import io.garrison.licensing.AllotmentException.StillCut;
import io.garrison.licensing.AllotmentException.UnknownAllotment;
import io.garrison.licensing.LeaseRule.IfLeasesBreak;
import io.garrison.licensing.LicenseException.AllocationRefused;
import io.garrison.licensing.LicenseException.PoolExhausted;
import io.garrison.licensing.LicensePool.Features;
import io.garrison.licensing.Overage.Policy;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.SubLicenseOperations.Terms;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.Refusal.FieldError;
import io.garrison.tenancy.ResellerId;
import io.garrison.tenancy.ResellerManagement;
import io.garrison.tenancy.ResellerState;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantManagement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionOperations;

/** Resellers' parts of a licence, and how many times over it is given away. */
@ApplicationModuleTest(BootstrapMode.ALL_DEPENDENCIES)
class AllotmentsIT {

    @Autowired
    LicensingFixture fixture;

    @Autowired
    AllotmentAdministration allotments;

    @Autowired
    LicenseOvercommit overcommit;

    @Autowired
    LicenseAdministration licenses;

    @Autowired
    SubLicenseAdministration subLicenses;

    @Autowired
    SubLicenseOperations operations;

    @Autowired
    InstanceSeats seats;

    @Autowired
    ResellerManagement resellers;

    @Autowired
    TenantManagement realTenants;

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
    void takesItFromTheLicenceAndItsTenantsDrawFromIt() {
        var license = fixture.license(10);
        var reseller = fixture.reseller();
        var allotment = fixture.allot(reseller, license, 6);
        assertThat(fixture.pool(license)).isEqualTo(count(10, "1", 6, 4));

        fixture.allocate(fixture.tenantOf(reseller), license, 4);
        fixture.allocate(tenants.any(), license, 3);

        assertThat(fixture.pool(license)).as("3 beside the allotment").isEqualTo(count(10, "1", 9, 1));
        assertThat(fixture.pool(allotment)).isEqualTo(count(6, "1", 4, 2));
        assertThat(asAdmin(() -> allotments.pool(reseller, allotment.id())).lines())
                .contains(new Features(Set.of("waf"), Set.of("waf")));
        var tenant = fixture.tenantOf(reseller);
        assertThatExceptionOfType(Exhausted.class)
                .isThrownBy(() -> fixture.allocate(tenant, license, 3))
                .satisfies(refusal -> {
                    assertThat(refusal.code()).isEqualTo("allotment.exhausted");
                    assertThat(refusal.errors())
                            .extracting(FieldError::message)
                            .containsExactly("instances: asked 3, free 2");
                });
    }

    @Test
    void refusesATenantWhoseResellerHasNothingOfTheLicence() {
        var license = fixture.license(10);
        var reseller = fixture.reseller();
        fixture.allot(reseller, fixture.license(5), 5);
        var tenant = fixture.tenantOf(reseller);

        assertThatExceptionOfType(NotAllotted.class)
                .isThrownBy(() -> fixture.allocate(tenant, license, 1))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("allotment.none"));
        assertThat(fixture.pool(license)).isEqualTo(count(10, "1", 0, 10));
    }

    @Test
    void givesNoMoreThanTheLicenceHasLeftOrGrants() {
        var license = fixture.license(10);
        fixture.allocate(tenants.any(), license, 7);
        var reseller = fixture.reseller();

        assertThatExceptionOfType(PoolExhausted.class).isThrownBy(() -> fixture.allot(reseller, license, 4));
        assertThatExceptionOfType(AllocationRefused.class)
                .isThrownBy(() -> asAdmin(() -> allotments.allot(
                        reseller,
                        license.id(),
                        new AllotmentAdministration.Portion(
                                new Entitlements(1, 1, 1, Set.of("gold")), Overcommit.NONE))));
        var allotment = fixture.allot(reseller, license, 3);
        assertThatExceptionOfType(AlreadyAllotted.class).isThrownBy(() -> fixture.allot(reseller, license, 0));
        assertThatExceptionOfType(PoolExhausted.class).isThrownBy(() -> fixture.resize(allotment, 4, "1"));
        assertThatExceptionOfType(PoolExhausted.class)
                .as("what is allotted is gone")
                .isThrownBy(() -> fixture.allocate(tenants.any(), license, 1));
        assertThatExceptionOfType(TenancyException.NotFound.class)
                .isThrownBy(() -> fixture.allot(new ResellerId(UUID.randomUUID()), license, 1));
        assertThatExceptionOfType(UnknownAllotment.class)
                .isThrownBy(() -> asAdmin(() -> allotments.get(fixture.reseller(), allotment.id())));
    }

    /** In waves, because each needs a connection; what is at once is what stands in the queue for the licence's row. */
    @Test
    void sellsTheLastSeatOfAnAllotmentToOneOfTwoHundred() throws Exception {
        var license = fixture.license(10);
        var reseller = fixture.reseller();
        var allotment = fixture.allot(reseller, license, 2);
        fixture.allocate(fixture.tenantOf(reseller), license, 1);
        var buyers =
                IntStream.range(0, 10).mapToObj(i -> fixture.tenantOf(reseller)).toList();
        var wave = new Semaphore(20);
        var won = new AtomicInteger();
        var others = new CopyOnWriteArrayList<Throwable>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 200)
                    .forEach(i -> threads.submit(() -> {
                        wave.acquireUninterruptibly();
                        try {
                            fixture.allocate(buyers.get(i % 10), license, 1);
                            won.incrementAndGet();
                        } catch (RuntimeException e) {
                            others.add(e);
                        } finally {
                            wave.release();
                        }
                    }));
        }

        assertThat(won).hasValue(1);
        assertThat(others).hasSize(199).allMatch(e -> e instanceof Exhausted);
        assertThat(fixture.pool(allotment)).isEqualTo(count(2, "1", 2, 0));
        assertThat(fixture.pool(license)).isEqualTo(count(10, "1", 2, 8));
    }

    @Test
    void givesALicenceAwayAsManyTimesAsTheFactorSays() {
        var license = fixture.license(3, "1.34");
        assertThat(fixture.pool(license)).as("floor(4.02)").isEqualTo(count(3, "1.34", 0, 4));
        fixture.allocate(tenants.any(), license, 3);
        fixture.allocate(tenants.any(), license, 1);

        assertThatExceptionOfType(PoolExhausted.class).isThrownBy(() -> fixture.allocate(tenants.any(), license, 1));
        assertThatExceptionOfType(BelowAllocated.class)
                .isThrownBy(() -> asAdmin(() -> overcommit.set(license.id(), times("1.33"), -1)))
                .satisfies(refusal -> {
                    assertThat(refusal.code()).isEqualTo("license.below-allocated");
                    assertThat(refusal.errors())
                            .extracting(FieldError::message)
                            .contains("instances: 4 allocated, 3 could be");
                });
        var more = asAdmin(() -> overcommit.set(license.id(), times("2"), license.version()));
        assertThat(more.version()).isEqualTo(license.version() + 1);
        fixture.allocate(tenants.any(), license, 2);
        assertThat(fixture.pool(license)).isEqualTo(count(3, "2", 6, 0));
    }

    @Test
    void signsNoSubLicenceForMoreThanTheLicenceHas() {
        var license = fixture.license(3, "10");
        var id = fixture.allocate(tenants.any(), license, 3).id();

        assertThatExceptionOfType(AllocationRefused.class)
                .isThrownBy(() -> fixture.allocate(tenants.any(), license, 4))
                .satisfies(refusal -> assertThat(refusal.errors())
                        .extracting(FieldError::code)
                        .containsExactly("license.limit-exceeds-license"));
        assertThatExceptionOfType(AllocationRefused.class)
                .isThrownBy(() -> fixture.allot(fixture.reseller(), license, 4));
        assertThat(id).isNotNull();
    }

    @Test
    void givesAnAllotmentOnAsManyTimesAsItsFactorSays() {
        var license = fixture.license(10);
        var reseller = fixture.reseller();
        var allotment = fixture.allot(reseller, license, 4, "1.5");
        fixture.allocate(fixture.tenantOf(reseller), license, 3);
        fixture.allocate(fixture.tenantOf(reseller), license, 3);

        assertThat(fixture.pool(allotment)).isEqualTo(count(4, "1.5", 6, 0));
        assertThat(fixture.pool(license)).isEqualTo(count(10, "1", 4, 6));
        assertThatExceptionOfType(Exhausted.class)
                .isThrownBy(() -> fixture.allocate(fixture.tenantOf(reseller), license, 1));
        assertThatExceptionOfType(BelowAllocated.class).isThrownBy(() -> fixture.resize(allotment, 4, "1.49"));
        assertThatExceptionOfType(BelowAllocated.class).isThrownBy(() -> fixture.resize(allotment, 3, "1.5"));
        assertThat(fixture.resize(allotment, 3, "2").version()).isEqualTo(2);
        assertThat(fixture.pool(license)).isEqualTo(count(10, "1", 3, 7));
    }

    @Test
    void keepsAFeatureThatASubLicenceHolds() {
        var license = fixture.license(10);
        var reseller = fixture.reseller();
        var allotment = fixture.allot(reseller, license, 4);
        var tenant = fixture.tenantOf(reseller);
        var bare = new AllotmentAdministration.Portion(new Entitlements(4, 4_000_000, 40, Set.of()), Overcommit.NONE);
        var sold = fixture.allocate(tenant, license, 1);

        assertThatExceptionOfType(FeaturesInUse.class)
                .isThrownBy(() -> asAdmin(() -> allotments.resize(reseller, allotment.id(), bare, -1)));
        asAdmin(tenant, () -> subLicenses.revoke(sold.id()));
        asAdmin(() -> allotments.resize(reseller, allotment.id(), bare, -1));
        assertThatExceptionOfType(AllocationRefused.class)
                .isThrownBy(() -> fixture.allocate(tenant, license, 1))
                .satisfies(refusal -> assertThat(refusal.errors())
                        .extracting(FieldError::message)
                        .containsExactly("the reseller's allotment does not grant waf"));
    }

    @Test
    void isReleasedOnceNothingIsCutFromIt() {
        var license = fixture.license(10);
        var reseller = fixture.reseller();
        var allotment = fixture.allot(reseller, license, 4);
        var tenant = fixture.tenantOf(reseller);
        var sold = fixture.allocate(tenant, license, 3);

        assertThatExceptionOfType(StillCut.class)
                .isThrownBy(() -> fixture.release(allotment))
                .withMessageContaining("1 sub-licences")
                .withMessageContaining("3 instances");
        assertThatExceptionOfType(TenancyException.ResellerInUse.class)
                .isThrownBy(() -> asAdmin(() -> {
                    resellers.delete(reseller, -1);
                    return true;
                }))
                .withMessageContaining("1 allotments");
        asAdmin(tenant, () -> subLicenses.revoke(sold.id()));
        fixture.release(allotment);

        assertThat(fixture.pool(license)).isEqualTo(count(10, "1", 0, 10));
        assertThat(asAdmin(() -> allotments.list(reseller, null, 10))).isEmpty();
        assertThatExceptionOfType(UnknownAllotment.class).isThrownBy(() -> fixture.pool(allotment));
        assertThatExceptionOfType(NotAllotted.class).isThrownBy(() -> fixture.allocate(tenant, license, 1));
        assertThat(fixture.allot(reseller, license, 2).version()).isEqualTo(1);
    }

    @Test
    void doesNotRenewOutOfAnAllotmentThatWentBack() {
        var license = fixture.license(10);
        var reseller = fixture.reseller();
        var allotment = fixture.allot(reseller, license, 4);
        var tenant = fixture.tenantOf(reseller);
        var soon = clock.instant().plus(Duration.ofHours(1));
        var sold = asAdmin(
                tenant,
                () -> subLicenses.allocate(new Allocation(license.id(), license.validFrom(), soon, 0, instances(3))));
        clock.move(Duration.ofHours(2));
        assertThat(fixture.pool(allotment)).as("it is over").isEqualTo(count(4, "1", 0, 4));
        fixture.release(allotment);

        assertThatExceptionOfType(NotAllotted.class)
                .isThrownBy(() -> asAdmin(tenant, () -> operations.renew(sold.id(), license.validUntil(), null, null)));
        assertThat(fixture.pool(license)).isEqualTo(count(10, "1", 0, 10));
    }

    @Test
    void countsWhatIsUsedBeyondALimitAtBothLevels() {
        var license = fixture.license(10);
        var reseller = fixture.reseller();
        var allotment = fixture.allot(reseller, license, 4);
        var tenant = fixture.tenantOf(reseller);
        var sold = asAdmin(
                tenant,
                () -> subLicenses.allocate(new Allocation(
                        license.id(),
                        license.validFrom(),
                        license.validUntil(),
                        0,
                        instances(2),
                        new Overages(Map.of(Metric.INSTANCES, new Overage(Policy.BILL, null))))));
        run(tenant, sold, 3);
        assertThat(fixture.pool(allotment)).isEqualTo(count(4, "1", 3, 1));
        assertThat(fixture.pool(license)).isEqualTo(count(10, "1", 5, 5));

        run(tenant, sold, 1);
        assertThatExceptionOfType(Exhausted.class).as("the allotment's").isThrownBy(() -> run(tenant, sold, 1));
        fixture.resize(allotment, 5, "1");
        fixture.allocate(tenants.any(), license, 3);
        assertThat(fixture.pool(license)).as("5, 2 beyond, and 3").isEqualTo(count(10, "1", 10, 0));
        assertThatExceptionOfType(PoolExhausted.class).as("the licence's").isThrownBy(() -> run(tenant, sold, 1));
    }

    @Test
    void countsSeatsThatLingerAtBothLevels() {
        var license = fixture.license(10);
        var reseller = fixture.reseller();
        var allotment = fixture.allot(reseller, license, 4);
        var tenant = fixture.tenantOf(reseller);
        var sold = fixture.allocate(tenant, license, 4);
        run(tenant, sold, 4);

        asAdmin(
                tenant,
                () -> operations.resize(
                        sold.id(), Terms.of(instances(1)), new LeaseRule(IfLeasesBreak.GRACE, 1), null));

        assertThat(fixture.pool(allotment)).as("1 and 3 that linger").isEqualTo(count(4, "1", 4, 0));
        assertThat(fixture.pool(license)).isEqualTo(count(10, "1", 7, 3));
        clock.move(Duration.ofHours(2));
        assertThat(fixture.pool(allotment)).isEqualTo(count(4, "1", 1, 3));
        assertThat(fixture.pool(license)).isEqualTo(count(10, "1", 4, 6));
    }

    @Test
    void renewsWithoutTheSeatsThatRanOutInBetween() {
        var license = fixture.license(10);
        var reseller = fixture.reseller();
        var allotment = fixture.allot(reseller, license, 4);
        var tenant = fixture.tenantOf(reseller);
        var sold = asAdmin(
                tenant,
                () -> subLicenses.allocate(new Allocation(
                        license.id(),
                        license.validFrom(),
                        clock.instant().plus(Duration.ofHours(1)),
                        0,
                        instances(2),
                        new Overages(Map.of(Metric.INSTANCES, new Overage(Policy.BILL, null))))));
        run(tenant, sold, 4);
        assertThat(fixture.pool(license)).isEqualTo(count(10, "1", 6, 4));
        clock.move(Duration.ofDays(2));
        fixture.allocate(fixture.tenantOf(reseller), license, 2);
        fixture.allocate(tenants.any(), license, 6);

        asAdmin(tenant, () -> operations.renew(sold.id(), license.validUntil(), null, null));

        assertThat(fixture.pool(allotment)).isEqualTo(count(4, "1", 4, 0));
        assertThat(fixture.pool(license)).isEqualTo(count(10, "1", 10, 0));
    }

    @Test
    void allowsNoCeilingAboveTheAllotment() {
        var license = fixture.license(10);
        var reseller = fixture.reseller();
        fixture.allot(reseller, license, 4);
        var tenant = fixture.tenantOf(reseller);

        assertThatExceptionOfType(AllocationRefused.class)
                .isThrownBy(() -> allocateUpTo(tenant, license, 5))
                .satisfies(refusal -> assertThat(refusal.errors())
                        .extracting(FieldError::code)
                        .containsExactly("allotment.ceiling-exceeds-allotment"));
        allocateUpTo(tenant, license, 4);
    }

    @Test
    void aTenantChangesItsResellerOnceItHoldsNothingFromIt() {
        var license = fixture.license(10);
        var north = fixture.reseller();
        var south = fixture.reseller();
        fixture.allot(north, license, 4);
        var other = fixture.allot(south, license, 4);
        var tenant = fixture.tenantOf(north);
        var sold = fixture.allocate(tenant, license, 1);

        assertThatExceptionOfType(TenancyException.TenantTied.class)
                .isThrownBy(() -> asAdmin(tenant, () -> realTenants.place(south, -1)))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("tenant.holds-from-reseller"));
        asAdmin(tenant, () -> subLicenses.revoke(sold.id()));
        asAdmin(tenant, () -> realTenants.place(south, -1));
        fixture.allocate(tenant, license, 2);

        assertThat(fixture.pool(other)).isEqualTo(count(4, "1", 2, 2));
    }

    @Test
    void aTenantKeepsWhatItHadBeforeItCameToAReseller() {
        var license = fixture.license(10);
        var reseller = fixture.reseller();
        var allotment = fixture.allot(reseller, license, 4);
        var tenant = fixture.ownTenant();
        var before = fixture.allocate(tenant, license, 2);

        asAdmin(tenant, () -> realTenants.place(reseller, -1));
        asAdmin(tenant, () -> operations.resize(before.id(), Terms.of(instances(3)), LeaseRule.REFUSE, null));

        assertThat(fixture.pool(license)).isEqualTo(count(10, "1", 7, 3));
        assertThat(fixture.pool(allotment)).isEqualTo(count(4, "1", 0, 4));
    }

    @Test
    void givesASuspendedResellerNothingNewAndTakesNothingAway() {
        var license = fixture.license(10);
        var reseller = fixture.reseller();
        var allotment = fixture.allot(reseller, license, 6);
        var tenant = fixture.tenantOf(reseller);
        var sold = fixture.allocate(tenant, license, 2);
        fixture.state(reseller, ResellerState.SUSPENDED);

        for (var attempt : List.<Runnable>of(
                () -> fixture.allot(reseller, fixture.license(5), 1),
                () -> fixture.resize(allotment, 7, "1"),
                () -> fixture.resize(allotment, 6, "1.01"),
                () -> fixture.allocate(tenant, license, 1),
                () -> resize(tenant, sold, 3))) {
            assertThatExceptionOfType(ResellerSuspended.class).isThrownBy(attempt::run);
        }
        assertThat(asAdmin(tenant, () -> operations.preview(sold.id(), Terms.of(instances(3))))
                        .refusals())
                .singleElement()
                .isInstanceOf(ResellerSuspended.class);
        asAdmin(tenant, () -> operations.renew(sold.id(), license.validUntil(), null, null));
        resize(tenant, sold, 1);
        fixture.resize(allotment, 5, "1");
        fixture.state(reseller, ResellerState.ACTIVE);
        resize(tenant, sold, 3);

        assertThat(fixture.pool(allotment)).isEqualTo(count(5, "1", 3, 2));
    }

    @Test
    void isThePlatformAdministratorsAlone() {
        var license = fixture.license(10);
        var reseller = fixture.reseller();
        var allotment = fixture.allot(reseller, license, 4);
        var tenant = tenants.any();

        for (var attempt : List.<ScopedValue.CallableOp<Object, RuntimeException>>of(
                () -> overcommit.set(license.id(), times("2"), -1),
                () -> allotments.allot(reseller, license.id(), portion(1, "1")),
                () -> allotments.get(reseller, allotment.id()),
                () -> allotments.list(reseller, null, 5),
                () -> allotments.pool(reseller, allotment.id()))) {
            assertThatExceptionOfType(TenancyException.Forbidden.class)
                    .isThrownBy(() -> LicensingWorld.asStranger(tenant, attempt));
        }
    }

    @Test
    void tellsTheApplicationsRoleHowMuchAndNotWhose() {
        var license = fixture.license(10);
        fixture.allot(fixture.reseller(), license, 4);
        for (var sql : List.of(
                "update licensing.license set instances_overcommit = 2",
                "update licensing.allotment set instances = 9",
                "insert into licensing.allotment select * from licensing.allotment",
                "delete from licensing.allotment",
                "update licensing.pool_share set allotment_id = null")) {
            assertThatThrownBy(() -> CurrentTenant.runAs(
                            tenants.any(),
                            () -> transactions.executeWithoutResult(
                                    status -> jdbc.sql(sql).update())))
                    .as(sql)
                    .isInstanceOf(DataAccessException.class);
        }
        assertThat(TestDatabase.count("""
                        select count(*) from information_schema.columns where table_schema = 'licensing'
                            and table_name = 'pool_share' and column_name in ('tenant_id', 'reseller_id', 'name')""")).isZero();
    }

    @RepeatedTest(10)
    void neverDrawsFromAResellerThatTheTenantHasLeft() {
        var license = fixture.license(10);
        var north = fixture.reseller();
        var south = fixture.reseller();
        var northern = fixture.allot(north, license, 4);
        var southern = fixture.allot(south, license, 4);
        var tenant = fixture.tenantOf(north);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(() -> fixture.allocate(tenant, license, 1));
            threads.submit(() -> asAdmin(tenant, () -> realTenants.place(south, -1)));
        }

        var now = asAdmin(tenant, realTenants::get).resellerId();
        assertThat(fixture.pool(south.equals(now) ? southern : northern).allocated())
                .as("cut from where it belongs")
                .isEqualTo(1);
        assertThat(fixture.pool(south.equals(now) ? northern : southern).allocated())
                .isZero();
    }

    @Test
    void leavesATrailOfWhatWasGivenToWhom() {
        var license = fixture.license(10, "1.5");
        var allotment = fixture.allot(fixture.reseller(), license, 4);
        fixture.resize(allotment, 5, "1.25");
        fixture.release(allotment);

        assertThat(trail(license.id().toString())).contains("license.overcommitted");
        assertThat(trail(allotment.id().toString()))
                .containsExactly("allotment.made", "allotment.resized", "allotment.released");
    }

    private List<String> trail(String object) {
        return ProviderScope.call(() -> transactions.execute(
                status -> jdbc.sql("select action from tenancy.audit_entry where object_id = ? order by index")
                        .param(object)
                        .query(String.class)
                        .list()));
    }

    @Test
    void verifiesOfflineWhatWasCutFromAnOvercommittedAllotment() {
        var license = fixture.license(5, "2");
        var reseller = fixture.reseller();
        fixture.allot(reseller, license, 5, "2");
        var tenant = fixture.tenantOf(reseller);
        var sold = fixture.allocate(tenant, license, 5);
        fixture.allocate(fixture.tenantOf(reseller), license, 5);

        var file = asMember(tenant, () -> subLicenses.file(sold.id()));

        assertThat(LicenseFile.readSubLicense(file, LicensingWorld.TRUSTED)
                        .child()
                        .entitlements())
                .isEqualTo(instances(5));
    }

    private SubLicenseSummary resize(TenantId tenant, SubLicenseSummary sold, long granted) {
        return asAdmin(
                tenant, () -> operations.resize(sold.id(), Terms.of(instances(granted)), LeaseRule.REFUSE, null));
    }

    private void allocateUpTo(TenantId tenant, LicenseSummary license, long ceiling) {
        var asked = share(license, instances(2));
        asAdmin(
                tenant,
                () -> subLicenses.allocate(new Allocation(
                        asked.licenseId(),
                        asked.validFrom(),
                        asked.validUntil(),
                        0,
                        asked.entitlements(),
                        new Overages(Map.of(Metric.INSTANCES, Overage.upTo(ceiling))))));
    }

    private void run(TenantId tenant, SubLicenseSummary sold, int machines) {
        for (int i = 0; i < machines; i++) {
            CurrentTenant.callAs(tenant, () -> seats.lease(sold.id(), UUID.randomUUID()));
        }
    }
}
