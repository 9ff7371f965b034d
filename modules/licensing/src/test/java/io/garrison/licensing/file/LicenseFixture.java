package io.garrison.licensing.file;

import io.garrison.licensing.Entitlements;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/** Vendors, licences and sub-licences that hold. */
public final class LicenseFixture {

    public static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");
    public static final Instant NEXT_YEAR = Instant.parse("2027-11-21T09:00:00Z");
    public static final Entitlements TEN = new Entitlements(10, 10_000_000_000L, 100, Set.of("waf", "load-balancing"));

    private LicenseFixture() {}

    public static LicenseFile.Loaded issue(VendorKey vendor, Entitlements entitlements) {
        return issue(vendor, entitlements, NOW, NEXT_YEAR, null, false);
    }

    public static LicenseFile.Loaded issue(
            VendorKey vendor, Entitlements entitlements, Instant from, Instant until, UUID deployment, boolean demo) {
        return LicenseFile.issue(
                vendor,
                key -> new MsspLicense(
                        UUID.randomUUID(), "Northwind", from, from, until, entitlements, key, deployment, demo));
    }

    public static SubLicense share(LicenseFile.Loaded parent) {
        return new SubLicense(
                UUID.randomUUID(),
                parent.license().id(),
                UUID.randomUUID(),
                "CLUSTER",
                NOW,
                parent.license().from(),
                parent.license().until(),
                14,
                new Entitlements(3, 1_000_000_000L, 10, Set.of("waf")));
    }

    public static String sign(LicenseFile.Loaded parent, SubLicense claims) {
        return LicenseFile.sign(claims, parent.jws(), parent.license().signingKeyId(), parent.signingKey());
    }

    public static VendorKeys trusting(VendorKey vendor) {
        return VendorKeys.parse(vendor.publicPem());
    }
}
