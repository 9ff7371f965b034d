package io.garrison.licensing;

import static io.garrison.licensing.LicensingWorld.TRUSTED;
import static io.garrison.licensing.LicensingWorld.asAdmin;
import static io.garrison.licensing.LicensingWorld.instances;
import static io.garrison.licensing.LicensingWorld.licence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.SettableClock;
import io.garrison.licensing.LicenseException.NoSeatLeft;
import io.garrison.licensing.LicenseException.OfflineLeaseRefused;
import io.garrison.licensing.LicenseException.ReceiptRefused;
import io.garrison.licensing.LicenseFileException.FileRefused;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.file.LeaseFiles;
import io.garrison.licensing.file.VendorKeys;
import io.garrison.protocol.Lease;
import io.garrison.protocol.LeaseReceipt;
import io.garrison.protocol.LeaseSigning;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import io.garrison.testing.TestPostgres;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@ApplicationModuleTest(BootstrapMode.ALL_DEPENDENCIES)
class LeasesIT {

    @Autowired
    LicenseAdministration licenses;

    @Autowired
    SubLicenseAdministration subLicenses;

    @Autowired
    InstanceSeats seats;

    @Autowired
    LeaseKeys keys;

    @Autowired
    TestTenants tenants;

    @Autowired
    SettableClock clock;

    private final UUID instance = UUID.randomUUID();

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        LicensingWorld.properties(registry);
    }

    @Test
    void signsLeasesThatHoldByTheVendorsKeyAlone() {
        var tenant = tenants.any();
        var subLicense = subLicense(tenant, 1, 100, 10);

        var given = lease(tenant, subLicense);

        var lease = LeaseFiles.verify(given.signed(), TRUSTED, VendorKeys.none(), clock.instant());
        assertThat(lease.signedBy()).isEqualTo(Lease.Signer.MSSP);
        assertThat(lease.subLicense()).isEqualTo(subLicense.value());
        assertThat(lease.tenant()).isEqualTo(tenant.value());
        assertThat(lease.instance()).isEqualTo(instance);
        assertThat(lease.issuedAt()).isEqualTo(clock.instant());
        assertThat(lease.until()).isEqualTo(given.until());
        assertThat(lease.share().features()).containsExactly("waf");
        assertThat(LeaseSigning.verify(given.signed(), seats.trust())).isEqualTo(lease);
        assertThatExceptionOfType(FileRefused.class)
                .as("in time only")
                .isThrownBy(() -> LeaseFiles.verify(given.signed(), TRUSTED, VendorKeys.none(), given.until()));
    }

    @Test
    void signsWithTheInstallationsKeyWhereTheMsspsIsElsewhere() throws SQLException {
        var tenant = tenants.any();
        var subLicense = subLicense(tenant, 1, 100, 10);
        forgetSigningKey(subLicense);

        var given = lease(tenant, subLicense);

        assertThat(LeaseSigning.verify(given.signed(), seats.trust()).signedBy())
                .isEqualTo(Lease.Signer.INSTALLATION);
        assertThatExceptionOfType(FileRefused.class)
                .as("the vendor's key is not enough")
                .isThrownBy(() -> LeaseFiles.verify(given.signed(), TRUSTED, VendorKeys.none(), clock.instant()));
    }

    @Test
    void givesNoLeaseBeyondTheGrace() {
        var tenant = tenants.any();
        var subLicense = subLicense(tenant, 1, 1, 0);
        clock.move(Duration.ofDays(1).minusSeconds(10));

        assertThat(lease(tenant, subLicense).until()).isEqualTo(clock.instant().plusSeconds(10));
    }

    @Test
    void takesTheSeatOfAnOfflineLeaseForItsWholeLength() {
        var tenant = tenants.any();
        var subLicense = subLicense(tenant, 1, 100, 10);
        lease(tenant, subLicense);

        var offline = CurrentTenant.callAs(tenant, () -> seats.leaseOffline(subLicense, instance, 30));

        assertThat(offline.until()).isEqualTo(clock.instant().plus(Duration.ofDays(30)));
        assertThat(LeaseSigning.verify(offline.signed(), seats.trust()).offline())
                .isTrue();
        clock.move(Duration.ofDays(29));
        assertThat(lease(tenant, subLicense)).as("told again, not replaced").isEqualTo(offline);
        assertThat(CurrentTenant.callAs(tenant, () -> seats.release(instance)))
                .as("revoked at management only")
                .contains(offline.until());
        asAdmin(tenant, () -> subLicenses.revoke(subLicense));
        assertThat(lease(tenant, subLicense)).isEqualTo(offline);
        var second = subLicense(tenant, 1, 100, 10);
        CurrentTenant.callAs(tenant, () -> seats.lease(second, UUID.randomUUID()));
        clock.move(Duration.ofDays(1));
        assertThat(CurrentTenant.callAs(tenant, () -> seats.release(instance))).isEmpty();
    }

    @Test
    void boundsOfflineLeases() {
        var tenant = tenants.any();
        var subLicense = subLicense(tenant, 2, 20, 10);

        for (int days : new int[] {-1, 0, 91, Integer.MAX_VALUE}) {
            assertThat(refusal(tenant, subLicense, days)).isEqualTo("lease.days");
        }
        assertThat(refusal(tenant, subLicense, 31)).isEqualTo("lease.beyond-grace");
        CurrentTenant.callAs(tenant, () -> seats.leaseOffline(subLicense, instance, 30));
        assertThat(refusal(tenant, subLicense, 29)).isEqualTo("lease.longer-one-out");
        CurrentTenant.callAs(tenant, () -> seats.leaseOffline(subLicense, UUID.randomUUID(), 30));
        assertThatExceptionOfType(NoSeatLeft.class)
                .isThrownBy(
                        () -> CurrentTenant.callAs(tenant, () -> seats.leaseOffline(subLicense, UUID.randomUUID(), 1)));
    }

    @Test
    void freesTheSeatOfAnOfflineLeaseThatCameBackOnce() {
        var tenant = tenants.any();
        var mallory = tenants.any();
        var subLicense = subLicense(tenant, 1, 100, 10);
        var older = offline(tenant, subLicense);
        clock.move(Duration.ofSeconds(1));
        var newest = offline(tenant, subLicense);

        assertThat(refusal(tenant, older)).isEqualTo("lease.not-newest");
        assertThat(refusal(mallory, newest)).isEqualTo("lease.not-newest");
        assertThatExceptionOfType(NoSeatLeft.class)
                .as("nothing was changed")
                .isThrownBy(() -> CurrentTenant.callAs(tenant, () -> seats.lease(subLicense, UUID.randomUUID())));

        CurrentTenant.runAs(tenant, () -> seats.takeBack(newest));
        CurrentTenant.callAs(tenant, () -> seats.lease(subLicense, UUID.randomUUID()));

        assertThat(refusal(tenant, newest)).isEqualTo("lease.already-returned");
        assertThat(tenants.audited(tenant)).containsOnlyOnce("offline-lease.returned");
    }

    private LeaseReceipt offline(TenantId tenant, SubLicenseId subLicense) {
        var given = CurrentTenant.callAs(tenant, () -> seats.leaseOffline(subLicense, instance, 30));
        var lease = LeaseSigning.verify(given.signed(), seats.trust());
        return new LeaseReceipt(UUID.randomUUID(), lease.id(), tenant.value(), instance, clock.instant());
    }

    private String refusal(TenantId tenant, LeaseReceipt receipt) {
        try {
            CurrentTenant.runAs(tenant, () -> seats.takeBack(receipt));
            return "";
        } catch (ReceiptRefused e) {
            return e.code();
        }
    }

    private String refusal(TenantId tenant, SubLicenseId subLicense, int days) {
        try {
            CurrentTenant.callAs(tenant, () -> seats.leaseOffline(subLicense, instance, days));
            return "";
        } catch (OfflineLeaseRefused e) {
            return e.code();
        }
    }

    private SeatLease lease(TenantId tenant, SubLicenseId subLicense) {
        return CurrentTenant.callAs(tenant, () -> seats.lease(subLicense, instance));
    }

    private SubLicenseId subLicense(TenantId tenant, long limit, int days, int graceDays) {
        var parent = asAdmin(() -> licenses.load(licence(clock, instances(10))));
        Instant ends = clock.instant().plus(Duration.ofDays(days));
        var asked = new Allocation(parent.id(), clock.instant(), ends, graceDays, instances(limit));
        return asAdmin(tenant, () -> subLicenses.allocate(asked)).id();
    }

    /** As where only the sub-licence was loaded. */
    private static void forgetSigningKey(SubLicenseId subLicense) throws SQLException {
        var postgres = TestPostgres.shared();
        try (var connection = DriverManager.getConnection(
                        postgres.url(), "postgres", postgres.passwords().superuser());
                var statement = connection.createStatement()) {
            statement.execute("alter table licensing.license alter column signing_key drop not null");
            statement.execute("update licensing.license set signing_key = null where id in"
                    + " (select license_id from licensing.sub_license where id = '%s')".formatted(subLicense));
        }
    }
}
