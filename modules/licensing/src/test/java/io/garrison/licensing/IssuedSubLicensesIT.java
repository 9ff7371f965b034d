package io.garrison.licensing;

import static io.garrison.licensing.LicensingWorld.asAdmin;
import static io.garrison.licensing.LicensingWorld.instances;
import static io.garrison.licensing.LicensingWorld.licence;
import static io.garrison.licensing.LicensingWorld.share;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.SettableClock;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.licensing.LicenseFileException.FileRefused;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.licensing.file.LicenseFixture;
import io.garrison.licensing.file.MsspLicense;
import io.garrison.licensing.file.SubLicense;
import io.garrison.licensing.file.VendorKey;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.SignedIn;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.TenantId;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What customers' installations may show; see ADR 12. */
@ApplicationModuleTest(BootstrapMode.ALL_DEPENDENCIES)
class IssuedSubLicensesIT {

    @Autowired
    IssuedSubLicenses issued;

    @Autowired
    LicenseAdministration licenses;

    @Autowired
    SubLicenseAdministration subLicenses;

    @Autowired
    SubLicenseOperations operations;

    @Autowired
    TestTenants tenants;

    @Autowired
    SettableClock clock;

    private TenantId tenant;
    private LicenseSummary license;
    private SubLicenseSummary sold;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        LicensingWorld.properties(registry);
    }

    @BeforeEach
    void sell() {
        tenants.catchUp(clock);
        tenant = tenants.any();
        license = asAdmin(() -> licenses.load(licence(clock, instances(10))));
        sold = asAdmin(tenant, () -> subLicenses.allocate(share(license, instances(3))));
    }

    @Test
    void recognizesWhatItIssuedAlsoAnOlderFile() {
        var first = file();
        asAdmin(tenant, () -> operations.renew(sold.id(), sold.validUntil(), 20, null));

        var older = issued.recognize(first);
        var newest = issued.recognize(file() + "\n");

        assertThat(older.tenant()).isEqualTo(tenant);
        assertThat(older.id()).isEqualTo(sold.id());
        assertThat(older.serial()).isEqualTo(1);
        assertThat(newest.serial()).isEqualTo(2);
        assertThat(newest.instances()).isEqualTo(3);
    }

    @Test
    void doesNotKnowOneThatAnotherCustomerOfTheVendorSignedUnderItsOwnLicence() {
        var theirs = LicenseFixture.issue(
                LicensingWorld.VENDOR, instances(10), license.validFrom(), license.validUntil(), null, false);

        assertUnknown(lookAlike(theirs));
    }

    @Test
    void doesNotKnowOneThatIsSignedWithAnotherKeyUnderALicenceOfTheSameId() {
        var theirs = LicenseFile.issue(
                LicensingWorld.VENDOR,
                key -> new MsspLicense(
                        license.id().value(),
                        "Mallory",
                        license.validFrom(),
                        license.validFrom(),
                        license.validUntil(),
                        instances(10),
                        key,
                        null,
                        false));

        assertUnknown(lookAlike(theirs));
    }

    @Test
    void goesByWhatItIsNowWhateverTheFileSays() {
        var first = file();
        asAdmin(tenant, () -> operations.suspend(sold.id(), null));

        assertThat(issued.recognize(first).state()).isEqualTo(SubLicenseState.SUSPENDED);
    }

    @Test
    void doesNotKnowAVendorThatItDoesNotTrust() {
        var stranger = LicenseFixture.issue(
                VendorKey.generate(), instances(10), license.validFrom(), license.validUntil(), null, false);

        assertThatExceptionOfType(FileRefused.class).isThrownBy(() -> issued.recognize(lookAlike(stranger)));
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void givesItsFileOnlyToWhoMayBindAnInstallationToIt(Role role) {
        var reader = role.isProvider()
                ? SignedIn.staff(UUID.randomUUID(), "somebody", role)
                : SignedIn.member(UUID.randomUUID(), "somebody", tenant, role);
        ThrowingCallable take = () ->
                SignedIn.callAs(reader, null, () -> CurrentTenant.callAs(tenant, () -> subLicenses.file(sold.id())));

        if (role == Role.PLATFORM_ADMIN || role == Role.TENANT_ADMIN) {
            assertThatCode(take).doesNotThrowAnyException();
        } else {
            assertThatExceptionOfType(TenancyException.Forbidden.class).isThrownBy(take);
        }
    }

    private void assertUnknown(String file) {
        assertThatExceptionOfType(UnknownSubLicense.class).isThrownBy(() -> issued.recognize(file));
    }

    private String file() {
        return asAdmin(tenant, () -> subLicenses.file(sold.id()));
    }

    /** A file that says that it is the sub-licence which was sold. */
    private String lookAlike(LicenseFile.Loaded parent) {
        var claims = new SubLicense(
                sold.id().value(),
                parent.license().id(),
                tenant.value(),
                sold.mode(),
                clock.instant(),
                sold.validFrom(),
                sold.validUntil(),
                14,
                new Entitlements(3, 1_000_000, 10, Set.of("waf")),
                1,
                SubLicense.Holder.UNNAMED,
                Overages.NONE,
                false);
        return LicenseFixture.sign(parent, claims);
    }
}
