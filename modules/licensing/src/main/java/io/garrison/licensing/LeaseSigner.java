package io.garrison.licensing;

import io.garrison.licensing.SubLicenseRecords.Stored;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.protocol.Lease;
import io.garrison.protocol.LeaseSigning;
import io.garrison.protocol.LeaseTrust;
import io.garrison.tenancy.CurrentTenant;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Signs leases: with the key of the MSSP's licence where it is here, so that a lease holds by the vendor's key alone, and
 * with the installation's own key where only the sub-licence is.
 */
@Component
class LeaseSigner {

    private final Licenses licenses;
    private final SubLicenseRecords subLicenses;
    private final LeaseKeys keys;
    private final VendorTrust vendors;

    LeaseSigner(Licenses licenses, SubLicenseRecords subLicenses, LeaseKeys keys, VendorTrust vendors) {
        this.licenses = licenses;
        this.subLicenses = subLicenses;
        this.keys = keys;
        this.vendors = vendors;
    }

    record Signed(UUID id, String text) {}

    /** @param until to the second */
    Signed sign(Stored subLicense, UUID instance, Instant now, Instant until, boolean offline) {
        var file = subLicenses.file(subLicense.id()).orElseThrow(LicenseException.UnknownSubLicense::new);
        var mssp = licenses.leaseKey(subLicense.licenseId());
        var key = mssp.orElseGet(keys::own);
        var granted = subLicense.entitlements();
        var lease = new Lease(
                UUID.randomUUID(),
                subLicense.id().value(),
                LicenseFile.serialOf(file),
                CurrentTenant.require().value(),
                instance,
                now.truncatedTo(ChronoUnit.SECONDS),
                until,
                until.plus(Ladder.LOST_CONTACT),
                offline,
                mssp.isPresent() ? Lease.Signer.MSSP : Lease.Signer.INSTALLATION,
                new Lease.Share(granted.throughputBps(), granted.virtualServices(), List.copyOf(granted.features())));
        return new Signed(lease.id(), LeaseSigning.sign(lease, key.keyId(), file, key.key()));
    }

    LeaseTrust trust() {
        return new LeaseTrust(
                vendors.keys().all().stream().map(LeaseTrust.Key::of).toList(),
                List.of(LeaseTrust.Key.of(keys.ownPublic())));
    }
}
