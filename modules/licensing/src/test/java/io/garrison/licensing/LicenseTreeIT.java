package io.garrison.licensing;

import static io.garrison.licensing.LicensingFixture.count;
import static io.garrison.licensing.LicensingWorld.asAdmin;
import static io.garrison.licensing.LicensingWorld.instances;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.garrison.SettableClock;
import io.garrison.TestDatabase;
import io.garrison.licensing.LicenseException.UnknownLicense;
import io.garrison.licensing.LicenseTree.Leaf;
import io.garrison.licensing.LicenseTree.Twig;
import io.garrison.licensing.Overage.Policy;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenancyException.Forbidden;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@ApplicationModuleTest(BootstrapMode.ALL_DEPENDENCIES)
class LicenseTreeIT {

    @Autowired
    LicensingFixture fixture;

    @Autowired
    LicenseTrees trees;

    @Autowired
    LicenseAdministration licenses;

    @Autowired
    AllotmentAdministration allotments;

    @Autowired
    SubLicenseAdministration subLicenses;

    @Autowired
    Consumption consumption;

    @Autowired
    InstanceSeats seats;

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
    void tellsWhoHasWhatAndHowMuchIsUsed() {
        var license = fixture.license(20, "1.5");
        var reseller = fixture.reseller();
        var idle = fixture.reseller();
        var allotment = fixture.allot(reseller, license, 6, "1.25");
        fixture.allot(idle, license, 2);
        var customer = fixture.tenantOf(reseller);
        var sold = asAdmin(
                customer,
                () -> subLicenses.allocate(new Allocation(
                        license.id(),
                        license.validFrom(),
                        license.validUntil(),
                        0,
                        instances(2),
                        new Overages(Map.of(Metric.INSTANCES, new Overage(Policy.ALARM, null))))));
        for (int i = 0; i < 3; i++) {
            CurrentTenant.callAs(customer, () -> seats.lease(sold.id(), UUID.randomUUID()));
        }
        CurrentTenant.runAs(customer, () -> consumption.tell(sold.id(), Metric.VIRTUAL_SERVICES, 7));
        var own = tenants.any();
        var direct = fixture.allocate(own, license, 4);
        var gone = fixture.allocate(own, license, 1);
        asAdmin(own, () -> subLicenses.revoke(gone.id()));

        var tree = asAdmin(() -> trees.of(license.id()));

        assertThat(tree.complete()).isTrue();
        assertThat(tree.pool()).isEqualTo(asAdmin(() -> licenses.pool(license.id())));
        assertThat(LicensingFixture.seats(tree.pool())).isEqualTo(count(20, "1.5", 13, 17));
        assertThat(tree.tenants()).singleElement().satisfies(twig -> {
            assertThat(twig.tenant().id()).isEqualTo(own);
            assertThat(twig.subLicenses())
                    .extracting(leaf -> leaf.subLicense().id())
                    .containsExactly(direct.id());
        });
        assertThat(tree.resellers())
                .extracting(branch -> branch.reseller().id())
                .containsExactlyInAnyOrder(reseller, idle);
        var branch = tree.resellers().stream()
                .filter(one -> one.reseller().id().equals(reseller))
                .findFirst()
                .orElseThrow();
        assertThat(branch.allotment()).isEqualTo(allotment);
        assertThat(branch.pool()).isEqualTo(asAdmin(() -> allotments.pool(reseller, allotment.id())));
        assertThat(LicensingFixture.seats(branch.pool())).isEqualTo(count(6, "1.25", 3, 4));
        assertThat(branch.tenants())
                .extracting(Twig::tenant)
                .extracting(t -> t.id())
                .containsExactly(customer);
        var leaf = branch.tenants().getFirst().subLicenses().getFirst();
        assertThat(leaf.subLicense()).isEqualTo(asAdmin(customer, () -> subLicenses.get(sold.id())));
        assertThat(leaf.used()).isEqualTo(Map.of(Metric.INSTANCES, 3L, Metric.VIRTUAL_SERVICES, 7L));
    }

    @Test
    void takesAsManyQueriesForAThousandSubLicencesAsForOne() {
        var small = fixture.license(1);
        var reseller = fixture.reseller();
        fixture.allot(reseller, small, 1);
        fixture.allocate(fixture.tenantOf(reseller), small, 1);
        var large = fixture.license(2000);
        var north = fixture.allot(fixture.reseller(), large, 500);
        var south = fixture.allot(fixture.reseller(), large, 500);
        plant(large, north.id().toString(), 400);
        plant(large, south.id().toString(), 400);
        plant(large, null, 200);

        int forOne = queries(small);
        int forAThousand = queries(large);

        assertThat(forAThousand).isEqualTo(forOne).isLessThan(20);
        var tree = asAdmin(() -> trees.of(large.id()));
        assertThat(tree.complete()).isTrue();
        assertThat(tree.tenants().stream()
                        .mapToInt(twig -> twig.subLicenses().size())
                        .sum())
                .isEqualTo(200);
        assertThat(tree.resellers()).allSatisfy(branch -> {
            assertThat(branch.tenants()).hasSize(100);
            assertThat(branch.tenants().stream()
                            .flatMap(twig -> twig.subLicenses().stream())
                            .map(Leaf::subLicense))
                    .hasSize(400);
            assertThat(LicensingFixture.seats(branch.pool())).isEqualTo(count(500, "1", 400, 100));
        });
        assertThat(LicensingFixture.seats(tree.pool())).isEqualTo(count(2000, "1", 1200, 800));
    }

    @Test
    void saysWhenThereIsMoreThanItTells() {
        var license = fixture.license(10_000);
        plant(license, null, LicenseTrees.MAX_SUB_LICENSES + 1);

        var tree = asAdmin(() -> trees.of(license.id()));

        assertThat(tree.complete()).isFalse();
        assertThat(tree.tenants().stream()
                        .mapToInt(twig -> twig.subLicenses().size())
                        .sum())
                .isEqualTo(LicenseTrees.MAX_SUB_LICENSES);
    }

    @Test
    void isForTheProviderAlone() {
        var license = fixture.license(1);

        assertThatExceptionOfType(Forbidden.class)
                .isThrownBy(() -> LicensingWorld.asStranger(tenants.any(), () -> trees.of(license.id())));
        assertThatExceptionOfType(UnknownLicense.class)
                .isThrownBy(() -> asAdmin(() -> trees.of(new LicenseId(UUID.randomUUID()))));
    }

    private int queries(LicenseSummary license) {
        var logger = (Logger) LoggerFactory.getLogger(JdbcTemplate.class);
        var seen = new ListAppender<ILoggingEvent>();
        seen.start();
        var before = logger.getLevel();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(seen);
        try {
            asAdmin(() -> trees.of(license.id()));
        } finally {
            logger.detachAppender(seen);
            logger.setLevel(before);
        }
        var statements = seen.list.stream()
                .filter(event ->
                        event.getThreadName().equals(Thread.currentThread().getName()))
                .filter(event -> event.getMessage().startsWith("Executing prepared SQL statement"))
                .count();
        assertThat(statements).isPositive();
        return (int) statements;
    }

    /** Sub-licences of one seat each, by a hundred tenants at most, as if they had been allocated. */
    private static void plant(LicenseSummary license, String allotment, int number) {
        TestDatabase.execute(
                """
                with made as (
                    insert into licensing.sub_license (tenant_id, id, license_id, mode, valid_from, valid_until, grace_days,
                        instances, throughput_bps, virtual_services, features, jws, created_at)
                    select md5('%1$s%2$s' || n %% 100)::uuid, gen_random_uuid(), '%1$s', 'CLUSTER', l.valid_from,
                        l.valid_until, 0, 1, 1, 1, '{}', 'planted', now()
                    from licensing.license l cross join generate_series(1, %3$d) as n where l.id = '%1$s'
                    returning *)
                insert into licensing.pool_share (sub_license_id, license_id, allotment_id, instances, throughput_bps,
                    virtual_services, features, held_until)
                select id, license_id, %4$s, 1, 1, 1, '{}', valid_until from made
                """.formatted(license.id(), allotment, number, allotment == null ? "null" : "'" + allotment + "'"));
    }
}
