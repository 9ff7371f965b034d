package io.garrison.licensing;

import static io.garrison.TestDatabase.count;
import static io.garrison.TestDatabase.execute;
import static io.garrison.licensing.LicensingWorld.asAdmin;
import static io.garrison.licensing.LicensingWorld.atOnce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.garrison.SettableClock;
import io.garrison.licensing.LicenseException.*;
import io.garrison.licensing.LicenseFileException.*;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.SubLicenseLoading.LoadedSubLicense;
import io.garrison.licensing.SubLicenseLoading.Outcome;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.licensing.file.LicenseFixture;
import io.garrison.licensing.file.SubLicense;
import io.garrison.licensing.file.SubLicense.Holder;
import io.garrison.licensing.file.VendorKey;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.TenantAdmission;
import io.garrison.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionOperations;

@ApplicationModuleTest(BootstrapMode.ALL_DEPENDENCIES)
class SubLicenseLoadingIT {

    @Autowired
    SubLicenseLoading loading;

    @Autowired
    SubLicenseAdministration subLicenses;

    @Autowired
    SubLicenseOperations operations;

    @Autowired
    SubLicenses gate;

    @Autowired
    InstanceSeats seats;

    @Autowired
    LicenseAdministration licenses;

    @Autowired
    LoadedSubLicenses records;

    @Autowired
    Installation installation;

    @Autowired
    ApplicationContext beans;

    @Autowired
    TransactionOperations transactions;

    @Autowired
    LicensingSettings settings;

    @Autowired
    SettableClock clock;

    private final VendorKey stranger = VendorKey.generate();

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        LicensingWorld.properties(registry);
    }

    @Test
    void makesTheTenantAndWorksLikeOneThatWasAllocated() {
        var file = new File(DeploymentMode.CLUSTER);

        var loaded = load(file.text());

        assertThat(loaded.outcome()).isEqualTo(Outcome.MADE);
        assertThat(loaded.tenant().slug()).isEqualTo(file.slug);
        assertThat(loaded.tenant().name()).isEqualTo("Contoso Ltd");
        assertThat(loaded.tenant().timeZone().getId()).isEqualTo("Europe/Vienna");
        assertThat(loaded.tenant().mode()).isEqualTo(DeploymentMode.CLUSTER);
        assertThat(loaded.subLicense().state()).isEqualTo(SubLicenseState.ACTIVE);
        inTenant(file, () -> {
            assertThat(subLicenses.list(null, 10)).containsExactly(loaded.subLicense());
            assertThat(subLicenses.file(file.id())).isEqualTo(file.text());
            assertThat(gate.requireInForce(file.id()).entitlements().virtualServices())
                    .isEqualTo(10);
            assertThat(transactions.<Long>execute(status -> gate.virtualServiceLimit(file.id())))
                    .isEqualTo(10L);
            seats.lease(file.id(), UUID.randomUUID());
            assertThatExceptionOfType(NoSeatLeft.class).isThrownBy(() -> seats.lease(file.id(), UUID.randomUUID()));
            return true;
        });
    }

    @Test
    void changesNothingTheSecondTimeAndTakesOnlyNewerFiles() {
        var file = new File(DeploymentMode.CLUSTER);
        var second = file.signed(claims -> file.claims(2, file.until, 2));
        var third = file.signed(claims -> file.claims(3, file.until.plus(Duration.ofDays(10)), 3));
        load(second);

        assertThat(load(second + "\n").outcome()).as("the same again").isEqualTo(Outcome.UNCHANGED);
        assertThatExceptionOfType(Superseded.class).isThrownBy(() -> load(file.text()));
        var renewed = load(third);

        assertThat(renewed.outcome()).isEqualTo(Outcome.REPLACED);
        assertThat(renewed.subLicense().serial()).isEqualTo(3);
        assertThat(renewed.subLicense().entitlements().instances()).isEqualTo(3);
        assertThat(renewed.subLicense().validUntil()).isEqualTo(file.until.plus(Duration.ofDays(10)));
        assertThatExceptionOfType(Superseded.class)
                .isThrownBy(() -> load(second))
                .withMessageContaining("serial 2")
                .withMessageContaining("serial 3");
        assertThatExceptionOfType(SerialReused.class)
                .isThrownBy(() -> load(file.signed(claims -> file.claims(3, file.until, 9))));
        inTenant(file, () -> assertThat(subLicenses.list(null, 10)).containsExactly(renewed.subLicense()));
    }

    /** Other customers of the vendor sign under licences of their own, with whatever ids they know. */
    @Test
    void takesNoNewerFileUnderAnotherLicenceUnlessSomebodySaysSo() {
        var file = new File(DeploymentMode.CLUSTER);
        load(file.text());
        var elsewhere = new File(DeploymentMode.CLUSTER);
        elsewhere.tenant = file.tenant;
        elsewhere.slug = file.slug;
        var newer = elsewhere.signed(claims -> elsewhere.claims(file.id(), 2));

        assertThatExceptionOfType(OtherLicense.class)
                .isThrownBy(() -> load(newer))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("license.other-license"));
        inTenant(file, () -> assertThat(subLicenses.file(file.id())).isEqualTo(file.text()));

        var replaced = asAdmin(() -> loading.loadUnderAnyLicense(newer));
        assertThat(replaced.outcome()).isEqualTo(Outcome.REPLACED);
        assertThat(replaced.subLicense().serial()).isEqualTo(2);
        assertThat(count(
                        "select count(*) from tenancy.audit_entry where action = 'sub-license.replaced' and object_id = '"
                                + file.id() + "' and details like '%\"licenseBefore\"%'"))
                .as("the trail names both")
                .isEqualTo(1);
    }

    @Test
    void takesOverThatItIsSuspendedAndResumedAndWhatIsAllowedBeyondTheLimits() {
        var file = new File(DeploymentMode.CLUSTER);
        load(file.text());

        var suspended = load(file.signed(claims -> file.beyond(2, true)));
        assertThat(suspended.subLicense().state()).isEqualTo(SubLicenseState.SUSPENDED);
        var resumed = load(file.signed(claims -> file.beyond(3, false)));

        assertThat(resumed.subLicense().state()).isEqualTo(SubLicenseState.ACTIVE);
        inTenant(file, () -> {
            seats.lease(file.id(), UUID.randomUUID());
            seats.lease(file.id(), UUID.randomUUID());
            assertThatExceptionOfType(NoSeatLeft.class).isThrownBy(() -> seats.lease(file.id(), UUID.randomUUID()));
            assertThat(transactions.<Long>execute(status -> gate.virtualServiceLimit(file.id())))
                    .isEqualTo(10L);
            return true;
        });
    }

    @Test
    void refusesWhatDoesNotHoldAndLeavesNothingBehind() {
        var file = new File(DeploymentMode.CLUSTER);
        var text = file.text();
        int dot = text.lastIndexOf('.');
        var damaged = text.substring(0, dot + 4) + (text.charAt(dot + 4) == 'A' ? 'B' : 'A') + text.substring(dot + 5);
        var foreign = new File(DeploymentMode.CLUSTER, stranger, false).text();
        var over = file.signed(claims -> file.claims(1, clock.instant().minusSeconds(1), 1));

        assertFlaw(Flaw.SIGNATURE_INVALID, damaged);
        assertFlaw(Flaw.UNKNOWN_KEY, foreign);
        assertFlaw(Flaw.EXPIRED, over);
        assertFlaw(Flaw.MALFORMED, "");
        assertFlaw(Flaw.MALFORMED, LicensingWorld.licence(clock, LicensingWorld.instances(1)));
        assertFlaw(Flaw.TOO_LARGE, "x".repeat(LicenseFile.MAX_CHARS + 1));
        assertThatExceptionOfType(WrongMode.class)
                .isThrownBy(() -> load(new File(DeploymentMode.STANDALONE).text()))
                .withMessageContaining("STANDALONE");
        assertThatExceptionOfType(TenantUnnamed.class)
                .isThrownBy(() -> load(file.signed(claims -> file.unnamed())))
                .satisfies(refusal -> assertThat(refusal.errors())
                        .extracting("field")
                        .contains("name", "slug", "contactEmail", "timeZone"));
        assertThat(count("select count(*) from tenancy.tenant where tenant_id = '" + file.tenant + "'"))
                .isZero();
        assertThat(count("select count(*) from licensing.sub_license where id = '" + file.id() + "'"))
                .isZero();
    }

    @Test
    void refusesADemonstrationsFileInProductionOnly() {
        var demo = new File(DeploymentMode.CLUSTER, LicensingWorld.VENDOR, true);
        var production = service("production", DeploymentMode.CLUSTER);

        assertThatExceptionOfType(FileRefused.class)
                .isThrownBy(() -> asAdmin(() -> production.load(demo.text())))
                .satisfies(refusal -> assertThat(refusal.flaw()).isEqualTo(Flaw.DEMO_REFUSED));
        assertThat(load(demo.text()).outcome()).isEqualTo(Outcome.MADE);
    }

    @Test
    void aTenantIsWhoItIs() {
        var file = new File(DeploymentMode.CLUSTER);
        load(file.text());
        var sameSlug = new File(DeploymentMode.CLUSTER);
        sameSlug.slug = file.slug;
        var otherSlug = new File(DeploymentMode.CLUSTER);
        otherSlug.tenant = file.tenant;
        var otherTenant = file.signed(claims -> new File(DeploymentMode.CLUSTER).claims(file.id(), 2));

        assertThatExceptionOfType(TenancyException.SlugTaken.class).isThrownBy(() -> load(sameSlug.text()));
        assertThatExceptionOfType(TenancyException.TenantHasAnotherSlug.class).isThrownBy(() -> load(otherSlug.text()));
        assertThatExceptionOfType(OtherTenant.class).isThrownBy(() -> load(otherTenant));
    }

    @Test
    void whatWasAllocatedHereIsChangedHereAndWhatWasLoadedIsNot() {
        var tenant = new TenantId(UUID.randomUUID());
        var licence = asAdmin(() -> licenses.load(LicensingWorld.licence(clock, LicensingWorld.instances(5))));
        var own = asAdmin(
                tenant,
                () -> subLicenses.allocate(new Allocation(
                        licence.id(), licence.validFrom(), licence.validUntil(), 1, LicensingWorld.instances(1))));
        var centralized = service("", DeploymentMode.CENTRALIZED);
        var file = asAdmin(tenant, () -> subLicenses.file(own.id()));
        var loaded = new File(DeploymentMode.CLUSTER);
        load(loaded.text());

        assertThat(asAdmin(() -> centralized.load(file)).outcome()).isEqualTo(Outcome.UNCHANGED);
        inTenant(loaded, () -> {
            assertThat(operations.issuedHere(loaded.id())).isFalse();
            assertThatExceptionOfType(IssuedElsewhere.class).isThrownBy(() -> subLicenses.revoke(loaded.id()));
            return true;
        });
        assertThat(asAdmin(tenant, () -> subLicenses.revoke(own.id())).state()).isEqualTo(SubLicenseState.REVOKED);
    }

    @Test
    void whereTheModeAllowsOneASecondIsRefusedAlsoAtOnce() throws Exception {
        execute("truncate licensing.sub_license cascade");
        var centralized = service("", DeploymentMode.CENTRALIZED);

        var attempts = atOnce(8, () -> asAdmin(() -> centralized.load(new File(DeploymentMode.CENTRALIZED).text())));

        var made = new ArrayList<LoadedSubLicense>();
        var refused = new ArrayList<Throwable>();
        for (var attempt : attempts) {
            try {
                made.add(attempt.get());
            } catch (ExecutionException e) {
                refused.add(e.getCause());
            }
        }
        assertThat(made).hasSize(1);
        assertThat(refused)
                .hasSize(7)
                .allSatisfy(each -> assertThat(each)
                        .isInstanceOf(OnlyOne.class)
                        .hasMessageContaining(made.getFirst().subLicense().id().toString()));
        assertThat(count("select count(*) from licensing.sub_license")).isEqualTo(1);
        assertThatExceptionOfType(ProviderLicensesRefused.class)
                .isThrownBy(() -> trust("", DeploymentMode.CENTRALIZED).requireProviderLicenses());
    }

    @Test
    void isTheProvidersToDo() {
        var tenant = new TenantId(UUID.randomUUID());

        assertThatThrownBy(() -> loading.load("x")).isInstanceOf(TenancyException.class);
        assertThatThrownBy(() -> LicensingWorld.asMember(tenant, () -> loading.load("x")))
                .isInstanceOf(TenancyException.Forbidden.class);
    }

    /** What somebody else's installation signs for a tenant of ours. */
    private final class File {
        private final LicenseFile.Loaded parent;
        private final DeploymentMode mode;
        private final UUID id = UUID.randomUUID();
        private UUID tenant = UUID.randomUUID();
        private String slug = "c" + UUID.randomUUID().toString().substring(0, 8);
        private final Instant until;

        File(DeploymentMode mode) {
            this(mode, LicensingWorld.VENDOR, false);
        }

        File(DeploymentMode mode, VendorKey vendor, boolean demo) {
            var from = clock.instant().minus(Duration.ofDays(1));
            this.mode = mode;
            this.until = from.plus(Duration.ofDays(90));
            this.parent = LicenseFixture.issue(
                    vendor, LicensingWorld.instances(10), from, from.plus(Duration.ofDays(365)), null, demo);
        }

        SubLicenseId id() {
            return new SubLicenseId(id);
        }

        String text() {
            return signed(ignored -> claims(1, until, 1));
        }

        SubLicense claims(long serial, Instant until, long instances) {
            return claims(
                    id, serial, until, instances, new Holder("Contoso Ltd", slug, "Europe/Vienna", "it@c.example"));
        }

        SubLicense claims(SubLicenseId other, long serial) {
            return claims(other.value(), serial, until, 1, new Holder("Other", slug, "UTC", "it@o.example"));
        }

        /** One instance, and one beyond it. */
        SubLicense beyond(long serial, boolean suspended) {
            var plain = claims(serial, until, 1);
            return new SubLicense(
                    plain.id(),
                    plain.parent(),
                    plain.tenant(),
                    plain.mode(),
                    plain.issuedAt(),
                    plain.from(),
                    plain.until(),
                    plain.graceDays(),
                    plain.entitlements(),
                    serial,
                    plain.holder(),
                    new Overages(Map.of(Metric.INSTANCES, Overage.upTo(2))),
                    suspended);
        }

        SubLicense unnamed() {
            return claims(id, 1, until, 1, Holder.UNNAMED);
        }

        private SubLicense claims(UUID id, long serial, Instant until, long instances, Holder holder) {
            return new SubLicense(
                    id,
                    parent.license().id(),
                    tenant,
                    mode.name(),
                    clock.instant(),
                    parent.license().from(),
                    until,
                    14,
                    new Entitlements(instances, 1_000_000, 10, Set.of("waf")),
                    serial,
                    holder,
                    Overages.NONE,
                    false);
        }

        String signed(java.util.function.Function<File, SubLicense> claims) {
            var made = claims.apply(this);
            var adopted = new SubLicense(
                    made.id(),
                    parent.license().id(),
                    made.tenant(),
                    made.mode(),
                    made.issuedAt(),
                    parent.license().from(),
                    made.until(),
                    made.graceDays(),
                    made.entitlements(),
                    made.serial(),
                    made.holder(),
                    made.overages(),
                    made.suspended());
            return LicenseFile.sign(adopted, parent.jws(), parent.license().signingKeyId(), parent.signingKey());
        }
    }

    private LoadedSubLicense load(String text) {
        return asAdmin(() -> loading.load(text));
    }

    private void assertFlaw(Flaw flaw, String text) {
        assertThatExceptionOfType(FileRefused.class)
                .isThrownBy(() -> load(text))
                .satisfies(refusal -> assertThat(refusal.flaw()).isEqualTo(flaw));
    }

    private <R> R inTenant(File file, ScopedValue.CallableOp<R, RuntimeException> op) {
        return asAdmin(new TenantId(file.tenant), op);
    }

    /** The service as it is in another profile or mode; the caller's rights are not checked. */
    private SubLicenseLoading service(String profile, DeploymentMode mode) {
        var arrivals = new SubLicenseArrivals(
                records,
                beans.getBean(TenantAdmission.class),
                DeploymentRules.of(mode),
                installation,
                beans.getBean(AuditTrail.class));
        return new SubLicenseLoadingService(
                trust(profile, mode), arrivals, beans.getBean(LoadedLimits.class), transactions);
    }

    private VendorTrust trust(String profile, DeploymentMode mode) {
        return new VendorTrust(settings, profile, DeploymentRules.of(mode));
    }
}
