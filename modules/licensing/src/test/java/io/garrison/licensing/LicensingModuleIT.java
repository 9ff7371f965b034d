package io.garrison.licensing;

import static io.garrison.licensing.LicensingWorld.asAdmin;
import static io.garrison.licensing.LicensingWorld.asMember;
import static io.garrison.licensing.LicensingWorld.atOnce;
import static io.garrison.licensing.LicensingWorld.instances;
import static io.garrison.licensing.LicensingWorld.licence;
import static io.garrison.licensing.LicensingWorld.share;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.garrison.SettableClock;
import io.garrison.licensing.LicenseException.AllocationRefused;
import io.garrison.licensing.LicenseException.AlreadyRevoked;
import io.garrison.licensing.LicenseException.PoolExhausted;
import io.garrison.licensing.LicenseException.UnknownLicense;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.licensing.LicenseFileException.AlreadyLoaded;
import io.garrison.licensing.LicenseFileException.FileRefused;
import io.garrison.licensing.LicenseFileException.Flaw;
import io.garrison.licensing.LicensePool.Count;
import io.garrison.licensing.LicensePool.Features;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.licensing.file.LicenseFixture;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.modulith.test.AssertablePublishedEvents;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@ApplicationModuleTest(BootstrapMode.ALL_DEPENDENCIES)
class LicensingModuleIT {

    @Autowired
    LicenseAdministration licenses;

    @Autowired
    ClockAdministration clocks;

    @Autowired
    SubLicenseAdministration subLicenses;

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
    void loadsALicenceAndShowsItsPool() {
        var loaded = load(instances(10));

        assertThat(asAdmin(() -> licenses.get(loaded.id()))).isEqualTo(loaded);
        assertThat(asAdmin(() -> licenses.list(null, 500))).contains(loaded);
        assertThat(pool(loaded).lines())
                .contains(
                        new Count(Metric.INSTANCES, 10, 0, 10),
                        new Count(Metric.VIRTUAL_SERVICES, 100, 0, 100),
                        new Features(Set.of("waf"), Set.of()));
    }

    @Test
    void loadsALicenceOnce() {
        var file = licence(clock, instances(1));

        var attempts = atOnce(8, () -> asAdmin(() -> licenses.load(file)));

        assertThat(attempts).filteredOn(LicensingModuleIT::succeeded).hasSize(1);
        assertThatExceptionOfType(AlreadyLoaded.class).isThrownBy(() -> asAdmin(() -> licenses.load(file)));
    }

    @Test
    void refusesALicenceThatDoesNotHoldHere() {
        var now = clock.instant();
        var vendor = LicensingWorld.VENDOR;
        var day = Duration.ofDays(1);
        var over = LicenseFixture.issue(vendor, instances(1), now.minus(day), now, null, false);
        var early = LicenseFixture.issue(
                vendor, instances(1), now.plus(day), now.plus(day).plus(day), null, false);
        var elsewhere = LicenseFixture.issue(vendor, instances(1), now, now.plus(day), UUID.randomUUID(), false);
        var here = LicenseFixture.issue(
                vendor, instances(1), now, now.plus(day), asAdmin(() -> licenses.deployment()), false);

        assertThat(flaw(LicenseFile.text(over))).isEqualTo(Flaw.EXPIRED);
        assertThat(flaw(LicenseFile.text(early))).isEqualTo(Flaw.NOT_YET_VALID);
        assertThat(flaw(LicenseFile.text(elsewhere))).isEqualTo(Flaw.WRONG_DEPLOYMENT);
        assertThat(flaw("nonsense")).isEqualTo(Flaw.MALFORMED);
        assertThat(asAdmin(() -> licenses.load(LicenseFile.text(here))).deployment())
                .isEqualTo(here.license().deployment());
    }

    @Test
    void givesATenantASignedShareOfThePool(AssertablePublishedEvents events) {
        var parent = load(instances(10));
        var tenant = tenants.any();

        var made = asAdmin(tenant, () -> subLicenses.allocate(share(parent, instances(3))));

        assertThat(made.state()).isEqualTo(SubLicenseState.ACTIVE);
        assertThat(pool(parent).lines())
                .contains(new Count(Metric.INSTANCES, 10, 3, 7), new Features(Set.of("waf"), Set.of("waf")));
        var chain =
                LicenseFile.readSubLicense(asMember(tenant, () -> subLicenses.file(made.id())), LicensingWorld.TRUSTED);
        assertThat(chain.child().tenant()).isEqualTo(tenant.value());
        assertThat(chain.child().mode()).isEqualTo("CENTRALIZED");
        assertThat(chain.child().entitlements()).isEqualTo(instances(3));
        assertThat(chain.parent().id()).isEqualTo(parent.id().value());
        assertThat(events).contains(SubLicenseAllocated.class).matching(SubLicenseAllocated::tenantId, tenant);
        assertThat(audited(tenant)).contains("sub-license.allocated");
    }

    @Test
    void takesARevokedShareBackIntoThePool(AssertablePublishedEvents events) {
        var parent = load(instances(3));
        var tenant = tenants.any();
        var made = asAdmin(tenant, () -> subLicenses.allocate(share(parent, instances(3))));

        var revoked = asAdmin(tenant, () -> subLicenses.revoke(made.id()));

        assertThat(revoked.state()).isEqualTo(SubLicenseState.REVOKED);
        assertThat(revoked.version()).isGreaterThan(made.version());
        assertThat(pool(parent).lines()).contains(new Count(Metric.INSTANCES, 3, 0, 3));
        assertThat(events).contains(SubLicenseRevoked.class).matching(SubLicenseRevoked::subLicense, made.id());
        assertThat(audited(tenant)).contains("sub-license.revoked");
        assertThatExceptionOfType(AlreadyRevoked.class)
                .isThrownBy(() -> asAdmin(tenant, () -> subLicenses.revoke(made.id())));
    }

    @Test
    void takesAShareBackWhenItsGraceHasEnded() {
        var parent = load(instances(3));
        var ends = clock.instant().plus(Duration.ofDays(10));
        var brief = new Allocation(parent.id(), parent.validFrom(), ends, 5, instances(3));
        asAdmin(tenants.any(), () -> subLicenses.allocate(brief));

        clock.move(Duration.ofDays(14));
        assertThat(pool(parent).lines()).as("in its grace").contains(new Count(Metric.INSTANCES, 3, 3, 0));
        clock.move(Duration.ofDays(1));

        assertThat(pool(parent).lines()).contains(new Count(Metric.INSTANCES, 3, 0, 3));
        asAdmin(tenants.any(), () -> subLicenses.allocate(share(parent, instances(3))));
    }

    @Test
    void hidesASubLicenceFromEveryOtherTenant() {
        var parent = load(instances(3));
        var alice = tenants.any();
        var mallory = tenants.any();
        var made = asAdmin(alice, () -> subLicenses.allocate(share(parent, instances(1))));

        assertThat(asMember(alice, () -> subLicenses.list(null, 10))).containsExactly(made);
        assertThat(asMember(mallory, () -> subLicenses.list(null, 10))).isEmpty();
        assertThat(asAdmin(() -> subLicenses.list(null, 10)))
                .as("no tenant bound")
                .isEmpty();
        assertThatExceptionOfType(UnknownSubLicense.class)
                .isThrownBy(() -> asMember(mallory, () -> subLicenses.get(made.id())));
        assertThatExceptionOfType(UnknownSubLicense.class)
                .isThrownBy(() -> asMember(mallory, () -> subLicenses.file(made.id())));
        assertThatExceptionOfType(UnknownSubLicense.class)
                .isThrownBy(() -> asAdmin(mallory, () -> subLicenses.revoke(made.id())));
        assertThat(pool(parent).lines()).contains(new Count(Metric.INSTANCES, 3, 1, 2));
    }

    @Test
    void letsMembersSeeWhatTheyHaveAndNothingOfThePool() {
        var parent = load(instances(3));
        var tenant = tenants.any();
        var made = asAdmin(tenant, () -> subLicenses.allocate(share(parent, instances(1))));

        assertThat(asMember(tenant, () -> subLicenses.get(made.id()))).isEqualTo(made);
        assertThatExceptionOfType(TenancyException.Forbidden.class)
                .isThrownBy(() -> asMember(tenant, () -> subLicenses.allocate(share(parent, instances(1)))));
        assertThatExceptionOfType(TenancyException.Forbidden.class)
                .isThrownBy(() -> asMember(tenant, () -> subLicenses.revoke(made.id())));
        assertThatExceptionOfType(TenancyException.NotSignedIn.class)
                .isThrownBy(() -> CurrentTenant.callAs(tenant, () -> subLicenses.get(made.id())));
        assertThatExceptionOfType(TenancyException.NotSignedIn.class)
                .isThrownBy(() -> licenses.load(licence(clock, instances(1))));
    }

    @Test
    void refusesMoreThanThePoolHasAndSaysHowMuchThatIs() {
        var parent = load(new Entitlements(5, 1000, 50, Set.of()));
        var tenant = tenants.any();
        asAdmin(tenant, () -> subLicenses.allocate(share(parent, new Entitlements(3, 1, 1, Set.of()))));

        assertThatExceptionOfType(PoolExhausted.class)
                .isThrownBy(() ->
                        asAdmin(tenant, () -> subLicenses.allocate(share(parent, new Entitlements(3, 1, 1, Set.of())))))
                .withMessageContaining("3 of instances")
                .withMessageContaining("has 2");
        assertThatExceptionOfType(PoolExhausted.class)
                .isThrownBy(() -> asAdmin(
                        tenant, () -> subLicenses.allocate(share(parent, new Entitlements(1, 1000, 1, Set.of())))))
                .withMessageContaining("throughputBps");
        assertThat(asAdmin(tenant, () -> subLicenses.list(null, 10))).hasSize(1);
        assertThat(pool(parent).lines()).contains(new Count(Metric.INSTANCES, 5, 3, 2));
    }

    @Test
    void addsUpSharesThatWouldOverflow() {
        var parent = load(new Entitlements(10, Long.MAX_VALUE, 10, Set.of()));
        var most = share(parent, new Entitlements(1, Long.MAX_VALUE - 1, 1, Set.of()));
        asAdmin(tenants.any(), () -> subLicenses.allocate(most));

        assertThatExceptionOfType(PoolExhausted.class)
                .isThrownBy(() -> asAdmin(tenants.any(), () -> subLicenses.allocate(most)))
                .withMessageContaining("has 1");
        assertThat(pool(parent).lines())
                .contains(new Count(Metric.THROUGHPUT_BPS, Long.MAX_VALUE, Long.MAX_VALUE - 1, 1));
    }

    @Test
    void refusesWhatTheLicenceDoesNotGrant() {
        var parent = load(instances(5));
        var tenant = tenants.any();
        var from = parent.validFrom();
        var until = parent.validUntil();
        var one = instances(1);

        assertThat(errors(tenant, new Allocation(parent.id(), from.minusSeconds(1), until, 0, one)))
                .containsExactly("validFrom license.outside-validity");
        assertThat(errors(tenant, new Allocation(parent.id(), from, until.plusSeconds(1), 0, one)))
                .containsExactly("validUntil license.outside-validity");
        assertThat(errors(tenant, new Allocation(parent.id(), from, from, 0, one)))
                .containsExactly("validUntil license.outside-validity");
        assertThat(errors(tenant, new Allocation(parent.id(), from, until, 366, one)))
                .containsExactly("graceDays out-of-range");
        assertThat(errors(tenant, share(parent, new Entitlements(1, 1, 1, Set.of("waf", "bots")))))
                .containsExactly("entitlements license.feature-not-granted");
        assertThat(errors(tenant, new Allocation(new LicenseId(UUID.randomUUID()), from, until, 0, one)))
                .containsExactly("licenseId license.unknown");
        assertThat(pool(parent).lines()).contains(new Count(Metric.INSTANCES, 5, 0, 5));
        assertThatExceptionOfType(UnknownLicense.class)
                .isThrownBy(() -> asAdmin(() -> licenses.get(new LicenseId(UUID.randomUUID()))));
    }

    @Test
    void allocatesNothingFromALicenceThatIsOver() {
        var parent = load(instances(5));
        clock.move(Duration.ofDays(365));
        asAdmin(() -> clocks.confirm());

        assertThatThrownBy(() -> asAdmin(tenants.any(), () -> subLicenses.allocate(share(parent, instances(1)))))
                .isInstanceOfSatisfying(
                        FileRefused.class, e -> assertThat(e.flaw()).isEqualTo(Flaw.EXPIRED));
    }

    @RepeatedTest(10)
    void sellsTheLastUnitOnce() {
        var parent = load(instances(3));
        asAdmin(tenants.any(), () -> subLicenses.allocate(share(parent, instances(2))));
        var buyers = Stream.generate(tenants::any).limit(5).toList();
        var next = new AtomicInteger();

        var attempts = atOnce(50, () -> {
            var buyer = buyers.get(next.getAndIncrement() % buyers.size());
            return asAdmin(buyer, () -> subLicenses.allocate(share(parent, instances(1))));
        });

        assertThat(attempts).filteredOn(LicensingModuleIT::succeeded).hasSize(1);
        assertThat(attempts)
                .filteredOn(attempt -> !succeeded(attempt))
                .allSatisfy(attempt -> assertThat(attempt.exceptionNow()).isInstanceOf(PoolExhausted.class));
        assertThat(pool(parent).lines()).contains(new Count(Metric.INSTANCES, 3, 3, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void neverHandsOutMoreThanTheLicenceHas(long seed) {
        var dice = new Random(seed);
        var parent = load(new Entitlements(20, 20_000, 200, Set.of("waf")));
        var buyers = List.of(tenants.any(), tenants.any(), tenants.any());
        var held = new HashMap<SubLicenseId, TenantId>();
        var counts = new HashMap<SubLicenseId, Entitlements>();

        for (int step = 0; step < 60; step++) {
            if (dice.nextInt(3) > 0) {
                var buyer = buyers.get(dice.nextInt(buyers.size()));
                var asked =
                        new Entitlements(1 + dice.nextInt(8), 1 + dice.nextInt(8000), 1 + dice.nextInt(80), Set.of());
                boolean fits = sum(counts, Metric.INSTANCES) + asked.instances() <= 20
                        && sum(counts, Metric.THROUGHPUT_BPS) + asked.throughputBps() <= 20_000
                        && sum(counts, Metric.VIRTUAL_SERVICES) + asked.virtualServices() <= 200;
                if (fits) {
                    var made = asAdmin(buyer, () -> subLicenses.allocate(share(parent, asked)));
                    held.put(made.id(), buyer);
                    counts.put(made.id(), asked);
                } else {
                    assertThatExceptionOfType(PoolExhausted.class)
                            .isThrownBy(() -> asAdmin(buyer, () -> subLicenses.allocate(share(parent, asked))));
                }
            } else if (!held.isEmpty()) {
                var victim = new ArrayList<>(held.keySet()).get(dice.nextInt(held.size()));
                asAdmin(held.remove(victim), () -> subLicenses.revoke(victim));
                counts.remove(victim);
            }
            var used = sum(counts, Metric.INSTANCES);
            assertThat(pool(parent).lines()).contains(new Count(Metric.INSTANCES, 20, used, 20 - used));
        }
    }

    @Test
    void mayNotChangeALicenceAtAll() {
        var loaded = load(instances(1));

        for (var change : List.of(
                "update licensing.license set instances = 100",
                "update licensing.license set valid_until = 'infinity'",
                "delete from licensing.license",
                "delete from licensing.pool_share",
                "update licensing.sub_license set license_id = gen_random_uuid()",
                "update licensing.pool_share set license_id = gen_random_uuid()",
                "update licensing.sub_license_change set actor = 'x'",
                "update licensing.installation set id = gen_random_uuid()")) {
            assertThatThrownBy(() -> jdbc.sql(change).update())
                    .as(change)
                    .hasRootCauseMessage("ERROR: permission denied for table " + table(change));
        }
        assertThat(asAdmin(() -> licenses.get(loaded.id()))).isEqualTo(loaded);
    }

    @Test
    void keepsTheSigningKeySealed() {
        var file = licence(clock, instances(1));
        var loaded = asAdmin(() -> licenses.load(file));
        var secret = Base64.getUrlDecoder().decode(file.substring(file.indexOf('~') + 1));

        var stored = jdbc.sql("select signing_key from licensing.license where id = ?")
                .param(loaded.id().value())
                .query(byte[].class)
                .single();

        assertThat(stored).hasSizeGreaterThan(secret.length);
        assertThat(new String(stored, StandardCharsets.ISO_8859_1))
                .doesNotContain(new String(secret, StandardCharsets.ISO_8859_1));
    }

    private static String table(String change) {
        return change.replaceFirst(".*licensing\\.(\\w+).*", "$1");
    }

    private static long sum(HashMap<SubLicenseId, Entitlements> counts, Metric metric) {
        return counts.values().stream().mapToLong(held -> held.limit(metric)).sum();
    }

    private LicenseSummary load(Entitlements entitlements) {
        return asAdmin(() -> licenses.load(licence(clock, entitlements)));
    }

    private LicensePool pool(LicenseSummary license) {
        return asAdmin(() -> licenses.pool(license.id()));
    }

    private Flaw flaw(String file) {
        try {
            asAdmin(() -> licenses.load(file));
            throw new AssertionError("it was loaded");
        } catch (FileRefused e) {
            return e.flaw();
        }
    }

    private List<String> errors(TenantId tenant, Allocation asked) {
        try {
            asAdmin(tenant, () -> subLicenses.allocate(asked));
            throw new AssertionError("it was allocated");
        } catch (AllocationRefused e) {
            return e.errors().stream()
                    .map(error -> error.field() + " " + error.code())
                    .toList();
        }
    }

    private List<String> audited(TenantId tenant) {
        return tenants.audited(tenant);
    }

    private static boolean succeeded(Future<?> attempt) {
        return attempt.state() == Future.State.SUCCESS;
    }
}
