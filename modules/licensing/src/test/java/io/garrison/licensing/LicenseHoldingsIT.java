package io.garrison.licensing;

import static io.garrison.licensing.LicensingWorld.asAdmin;
import static io.garrison.licensing.LicensingWorld.asMember;
import static io.garrison.licensing.LicensingWorld.asStranger;
import static io.garrison.licensing.LicensingWorld.instances;
import static io.garrison.licensing.LicensingWorld.licence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.garrison.SettableClock;
import io.garrison.licensing.LicenseHoldings.Branch;
import io.garrison.licensing.LicenseHoldings.By;
import io.garrison.licensing.LicenseHoldings.Filter;
import io.garrison.licensing.LicenseHoldings.Order;
import io.garrison.licensing.LicenseHoldings.TenantHolding;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@ApplicationModuleTest(BootstrapMode.ALL_DEPENDENCIES)
class LicenseHoldingsIT {

    @Autowired
    LicenseAdministration licenses;

    @Autowired
    SubLicenseAdministration subLicenses;

    @Autowired
    SubLicenseOperations operations;

    @Autowired
    LicenseHoldings holdings;

    @Autowired
    LicensingFixture fixture;

    @Autowired
    TestTenants tenants;

    @Autowired
    SettableClock clock;

    private LicenseSummary parent;
    private TenantId alice;
    private TenantId bob;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        LicensingWorld.properties(registry);
    }

    @BeforeEach
    void load() {
        tenants.catchUp(clock);
        parent = asAdmin(() -> licenses.load(licence(clock, instances(100))));
        alice = tenants.any();
        bob = tenants.any();
    }

    private SubLicenseSummary share(TenantId tenant, long instances, Instant from, Instant until, int graceDays) {
        return asAdmin(
                tenant,
                () -> subLicenses.allocate(new Allocation(parent.id(), from, until, graceDays, instances(instances))));
    }

    private SubLicenseSummary share(TenantId tenant, long instances) {
        return share(tenant, instances, clock.instant(), parent.validUntil(), 14);
    }

    private List<TenantHolding> tenants(Filter filter) {
        return asAdmin(() -> holdings.tenants(parent.id(), filter));
    }

    private List<SubLicenseSummary> ofAlice(Filter filter, Order order, int offset, int limit) {
        return asAdmin(() -> holdings.subLicenses(new Branch(parent.id(), alice, null), filter, order, offset, limit));
    }

    @Test
    void tellsForEachTenantWhatItHoldsOfTheLicenceAndOfNoOther() {
        share(alice, 3);
        share(alice, 4);
        share(bob, 5);
        var other = asAdmin(() -> licenses.load(licence(clock, instances(9))));
        asAdmin(alice, () -> subLicenses.allocate(LicensingWorld.share(other, instances(9))));

        assertThat(tenants(Filter.ALL)).hasSize(2).anySatisfy(one -> {
            assertThat(one.tenant()).isEqualTo(alice);
            assertThat(one.subLicenses()).isEqualTo(2);
            assertThat(one.held().instances()).isEqualTo(7);
            assertThat(one.held().throughputBps()).isEqualTo(7_000_000);
            assertThat(one.held().virtualServices()).isEqualTo(70);
            assertThat(one.ends()).isEqualTo(parent.validUntil());
        });
    }

    @Test
    void countsWhatWentBackToThePoolNoMore() {
        share(alice, 3);
        var revoked = share(alice, 4);
        asAdmin(alice, () -> subLicenses.revoke(revoked.id()));

        assertThat(tenants(Filter.ALL)).singleElement().satisfies(one -> {
            assertThat(one.subLicenses()).isEqualTo(2);
            assertThat(one.held().instances()).isEqualTo(3);
        });
    }

    @Test
    void tellsThatSomethingHasChanged() {
        var one = share(alice, 3);
        var before = tenants(Filter.ALL).getFirst().version();

        asAdmin(alice, () -> operations.suspend(one.id(), null));

        assertThat(tenants(Filter.ALL).getFirst().version()).isGreaterThan(before);
    }

    @Test
    void goesByTheSameStatesAsTheLadderThroughoutALife() {
        var now = clock.instant();
        share(alice, 1, now.plus(Duration.ofDays(10)), now.plus(Duration.ofDays(60)), 0);
        share(alice, 1, now, now.plus(Duration.ofDays(40)), 7);
        var suspended = share(alice, 1, now, now.plus(Duration.ofDays(50)), 5);
        var revoked = share(alice, 1);
        asAdmin(alice, () -> operations.suspend(suspended.id(), null));
        asAdmin(alice, () -> subLicenses.revoke(revoked.id()));
        var seen = new ArrayList<SubLicenseState>();

        for (int step = 0; step < 24; step++) {
            var all = ofAlice(Filter.ALL, Order.NEWEST, 0, 50);
            assertThat(all).hasSize(4);
            for (var state : SubLicenseState.values()) {
                var expected = all.stream().filter(one -> one.state() == state).toList();
                var filter = new Filter(state, null);
                assertThat(ofAlice(filter, Order.NEWEST, 0, 50))
                        .as("%s after step %d", state, step)
                        .isEqualTo(expected);
                assertThat(tenants(filter).stream()
                                .mapToLong(TenantHolding::subLicenses)
                                .sum())
                        .isEqualTo(expected.size());
            }
            all.forEach(one -> seen.add(one.state()));
            clock.move(Duration.ofDays(5));
        }
        assertThat(seen).contains(SubLicenseState.values());
    }

    @Test
    void findsWhatIsOverSoonWithoutWhatIsRevoked() {
        var now = clock.instant();
        var soon = share(alice, 1, now, now.plus(Duration.ofDays(20)), 14);
        var revoked = share(alice, 1, now, now.plus(Duration.ofDays(20)), 14);
        asAdmin(alice, () -> subLicenses.revoke(revoked.id()));
        share(alice, 1);

        var filter = new Filter(null, now.plus(Duration.ofDays(30)));

        assertThat(ofAlice(filter, Order.NEWEST, 0, 50))
                .extracting(SubLicenseSummary::id)
                .containsExactly(soon.id());
    }

    @Test
    void sortsAndPages() {
        for (long many : List.of(3L, 1L, 5L, 2L, 4L)) {
            share(alice, many);
        }
        var largest = new Order(By.INSTANCES, true);

        assertThat(ofAlice(Filter.ALL, largest, 0, 2))
                .extracting(one -> one.entitlements().instances())
                .containsExactly(5L, 4L);
        assertThat(ofAlice(Filter.ALL, largest, 2, 2))
                .extracting(one -> one.entitlements().instances())
                .containsExactly(3L, 2L);
        for (var by : By.values()) {
            assertThat(ofAlice(Filter.ALL, new Order(by, false), 0, 50)).hasSize(5);
        }
    }

    @Test
    void keepsApartWhatIsCutFromAnAllotment() {
        var reseller = fixture.reseller();
        var allotment = fixture.allot(reseller, parent, 10);
        var customer = fixture.tenantOf(reseller);
        var sold = fixture.allocate(customer, parent, 4);
        share(alice, 3);

        assertThat(asAdmin(() -> holdings.allotments(parent.id()))).containsExactly(allotment);
        assertThat(tenants(Filter.ALL))
                .extracting(TenantHolding::tenant, TenantHolding::allotment)
                .containsExactlyInAnyOrder(tuple(customer, allotment.id()), tuple(alice, null));
        assertThat(of(new Branch(parent.id(), customer, allotment.id())))
                .extracting(SubLicenseSummary::id)
                .containsExactly(sold.id());
        assertThat(of(new Branch(parent.id(), customer, null))).isEmpty();
    }

    private List<SubLicenseSummary> of(Branch branch) {
        return asAdmin(() -> holdings.subLicenses(branch, Filter.ALL, Order.NEWEST, 0, 50));
    }

    @Test
    void isNotForTenants() {
        share(alice, 3);

        assertThatExceptionOfType(TenancyException.class)
                .isThrownBy(() -> asStranger(alice, () -> holdings.tenants(parent.id(), Filter.ALL)));
    }

    @Test
    void knowsWhatWasIssuedHere() {
        var one = share(alice, 3);

        assertThat(asAdmin(alice, () -> operations.issuedHere(one.id()))).isTrue();
        assertThatExceptionOfType(LicenseException.UnknownSubLicense.class)
                .isThrownBy(() -> asMember(bob, () -> operations.issuedHere(one.id())));
    }
}
