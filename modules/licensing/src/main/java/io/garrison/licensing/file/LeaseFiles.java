package io.garrison.licensing.file;

import io.garrison.licensing.LicenseFileException.FileRefused;
import io.garrison.licensing.LicenseFileException.Flaw;
import io.garrison.protocol.Lease;
import io.garrison.protocol.LeaseSigning;
import io.garrison.protocol.LeaseTrust;
import io.garrison.protocol.UntrustedLeaseException;
import java.time.Instant;

/** Checks lease files from the vendor's key down, without a server. */
public final class LeaseFiles {

    private LeaseFiles() {}

    /** Whether the text looks like a lease. Says nothing about whether it holds. */
    public static boolean isLease(String text) {
        return LeaseSigning.isLease(text.strip());
    }

    /**
     * Checks the whole chain and the time, and that the sub-licence within holds by itself.
     *
     * @param installations keys of installations, for leases that those have signed themselves
     * @throws FileRefused with the first flaw found
     */
    public static Lease verify(String text, VendorKeys vendors, VendorKeys installations, Instant now) {
        var trust = new LeaseTrust(
                vendors.all().stream().map(LeaseTrust.Key::of).toList(),
                installations.all().stream().map(LeaseTrust.Key::of).toList());
        try {
            var lease = LeaseSigning.verify(text.strip(), trust);
            LicenseFile.readSubLicense(LeaseSigning.subLicense(text.strip()), vendors);
            LicenseFile.requireInTime(lease.issuedAt(), lease.until(), now);
            return lease;
        } catch (UntrustedLeaseException e) {
            throw new FileRefused(flaw(e.code()), e.reason());
        }
    }

    private static Flaw flaw(String code) {
        return switch (code) {
            case "lease.too-large" -> Flaw.TOO_LARGE;
            case "lease.algorithm-refused" -> Flaw.ALGORITHM_REFUSED;
            case "lease.unknown-key" -> Flaw.UNKNOWN_KEY;
            case "lease.signature-invalid" -> Flaw.SIGNATURE_INVALID;
            case "lease.chain-broken" -> Flaw.EXCEEDS_PARENT;
            default -> Flaw.MALFORMED;
        };
    }
}
