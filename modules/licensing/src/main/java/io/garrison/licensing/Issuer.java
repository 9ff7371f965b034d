package io.garrison.licensing;

import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.SubLicenseRecords.Stored;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.licensing.file.SubLicense;
import io.garrison.licensing.file.SubLicense.Holder;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.TenantDirectory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Makes sub-licences for the bound tenant, signed with the key that came with their licence. */
@Component
class Issuer {

    private final Licenses licenses;
    private final ObjectProvider<TenantDirectory> tenants;

    Issuer(Licenses licenses, ObjectProvider<TenantDirectory> tenants) {
        this.licenses = licenses;
        this.tenants = tenants;
    }

    record Issued(Stored subLicense, String jws) {}

    Issued issue(SubLicenseId id, LicenseSummary parent, Allocation asked, Instant now) {
        var tenant = tenants.getObject().find(CurrentTenant.require()).orElseThrow(TenancyException.NotFound::new);
        var mode = tenant.mode().name();
        var claims = new SubLicense(
                id.value(),
                parent.id().value(),
                tenant.id().value(),
                mode,
                now.truncatedTo(ChronoUnit.SECONDS),
                asked.validFrom(),
                asked.validUntil(),
                asked.graceDays(),
                asked.entitlements(),
                1,
                new Holder(tenant.name(), tenant.slug(), tenant.timeZone().getId(), tenant.contactEmail()),
                Overages.NONE,
                false);
        var signer = licenses.signer(parent.id());
        var jws = LicenseFile.sign(claims, signer.jws(), parent.signingKeyId(), signer.key());
        var stored = new Stored(
                id,
                parent.id(),
                mode,
                asked.validFrom(),
                asked.validUntil(),
                asked.graceDays(),
                asked.entitlements(),
                now,
                null,
                1,
                1);
        return new Issued(stored, jws);
    }
}
