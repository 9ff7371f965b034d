package io.garrison.licensing;

import io.garrison.licensing.LicenseException.AlreadyRevoked;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.SubLicenseRecords.Stored;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The frame of every change to a sub-licence. Locks are taken in one order everywhere: the licence, then its
 * sub-licences by id, then their seats and instances.
 */
@Component
class SubLicenseChanges {

    private final SubLicenseRecords records;
    private final Licenses licenses;
    private final Issuer issuer;
    private final SubLicenseHistory history;
    private final Installation installation;

    SubLicenseChanges(
            SubLicenseRecords records,
            Licenses licenses,
            Issuer issuer,
            SubLicenseHistory history,
            Installation installation) {
        this.records = records;
        this.licenses = licenses;
        this.issuer = issuer;
        this.history = history;
        this.installation = installation;
    }

    /**
     * What is changed, locked, and when.
     *
     * @param now effective time, read under the locks
     */
    record Begun(LicenseSummary license, Stored was, Instant now) {}

    /**
     * @throws UnknownSubLicense if there is none such to be seen
     * @throws AlreadyRevoked if it is revoked
     * @throws LicenseException.IssuedElsewhere if it came as a file
     */
    Begun begin(SubLicenseId id) {
        var found = records.find(id).orElseThrow(UnknownSubLicense::new);
        records.requireIssuedHere(id);
        var license = lock(found.licenseId());
        return begin(id, license);
    }

    /** Under the lock of its licence, which the caller holds. */
    Begun begin(SubLicenseId id, LicenseSummary license) {
        var was = records.lock(id).orElseThrow(UnknownSubLicense::new);
        if (was.revokedAt() != null) {
            throw new AlreadyRevoked(was.revokedAt());
        }
        return new Begun(license, was, now());
    }

    /** What a change would begin with, without locks. */
    Begun look(SubLicenseId id) {
        var found = records.find(id).orElseThrow(UnknownSubLicense::new);
        if (found.revokedAt() != null) {
            throw new AlreadyRevoked(found.revokedAt());
        }
        records.requireIssuedHere(id);
        var license = licenses.find(found.licenseId())
                .orElseThrow(() -> new IllegalStateException("a sub-licence hangs on no licence: " + id));
        return new Begun(license, found, now());
    }

    /** @throws UnknownSubLicense if there is none such to be seen */
    boolean issuedHere(SubLicenseId id) {
        if (!exists(id)) {
            throw new UnknownSubLicense();
        }
        return !records.isLoaded(id);
    }

    boolean exists(SubLicenseId id) {
        return records.find(id).isPresent();
    }

    Instant now() {
        return installation.now().truncatedTo(ChronoUnit.MICROS);
    }

    /** What goes beyond a limit comes out of the licence's pool; of one that was loaded, the pool is elsewhere. */
    Optional<LicenseSummary> lockIfHere(LicenseId id) {
        return licenses.lock(id);
    }

    LicenseSummary lock(LicenseId id) {
        return licenses.lock(id)
                .orElseThrow(() -> new IllegalStateException("a sub-licence hangs on no licence: " + id));
    }

    /** Signs and keeps one for the bound tenant, whose share has been taken. */
    Stored make(SubLicenseId id, LicenseSummary license, Allocation asked, Instant now) {
        var issued = issuer.issue(id, license, asked, now);
        records.insert(issued.subLicense(), issued.jws());
        history.add(CurrentTenant.require(), null, issued.subLicense(), "allocated", null, now);
        return issued.subLicense();
    }

    /** Signs it as it has become, keeps it, and writes its history. */
    void finish(TenantId tenant, Begun begun, Stored became, String action, @Nullable String reason) {
        records.update(became, issuer.sign(tenant, begun.license(), became, begun.now()));
        history.add(tenant, begun.was(), became, action, reason, begun.now());
    }
}
