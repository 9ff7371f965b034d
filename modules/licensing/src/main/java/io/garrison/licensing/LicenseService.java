package io.garrison.licensing;

import io.garrison.licensing.LicenseException.UnknownLicense;
import io.garrison.licensing.LicenseFileException.AlreadyLoaded;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Works with no tenant bound, as the application's own role: a licence belongs to no tenant. */
@Service
class LicenseService implements LicenseAdministration {

    private final Licenses licenses;
    private final Pools pools;
    private final Installation installation;
    private final VendorTrust trust;
    private final AuditTrail audit;

    LicenseService(Licenses licenses, Pools pools, Installation installation, VendorTrust trust, AuditTrail audit) {
        this.licenses = licenses;
        this.pools = pools;
        this.installation = installation;
        this.trust = trust;
        this.audit = audit;
    }

    @Override
    @Transactional
    @Requires(Permission.LICENSE_MANAGE)
    public LicenseSummary load(String file) {
        trust.requireProviderLicenses();
        var loaded = LicenseFile.read(file, trust.keys());
        var license = loaded.license();
        installation.attest(license.issuedAt());
        var now = installation.now();
        LicenseFile.requireUsable(license, now, installation.id());
        trust.requireFit(license.demo());

        var id = new LicenseId(license.id());
        if (!licenses.insert(loaded, now.truncatedTo(ChronoUnit.MICROS))) {
            throw new AlreadyLoaded(id);
        }
        audit.record(
                "license.loaded",
                "license",
                id.toString(),
                Map.of(
                        "mssp", license.name(),
                        "validUntil", license.until().toString(),
                        "vendorKeyId", loaded.vendorKeyId(),
                        "demo", license.demo()));
        return get(id);
    }

    @Override
    @Transactional(readOnly = true)
    @Requires(Permission.LICENSE_VIEW)
    public List<LicenseSummary> list(@Nullable LicenseId after, int limit) {
        return licenses.page(after, limit);
    }

    @Override
    @Transactional(readOnly = true)
    @Requires(Permission.LICENSE_VIEW)
    public LicenseSummary get(LicenseId id) {
        return licenses.find(id).orElseThrow(UnknownLicense::new);
    }

    @Override
    @Transactional(readOnly = true)
    @Requires(Permission.LICENSE_VIEW)
    public LicensePool pool(LicenseId id) {
        return pools.of(get(id), installation.now());
    }

    @Override
    @Transactional(readOnly = true)
    @Requires(Permission.LICENSE_VIEW)
    public UUID deployment() {
        return installation.id();
    }
}
