package io.garrison.licensing;

import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.SubLicenseRecords.Stored;
import io.garrison.licensing.file.Federation;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.licensing.file.SubLicense;
import io.garrison.licensing.file.SubLicense.Holder;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.TenantDirectory;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantSummary;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Makes sub-licences for the bound tenant, signed with the key that came with their licence. */
@Component
class Issuer {

    private final Licenses licenses;
    private final ObjectProvider<TenantDirectory> tenants;
    private final ObjectProvider<FederationGateway> gateway;

    Issuer(Licenses licenses, ObjectProvider<TenantDirectory> tenants, ObjectProvider<FederationGateway> gateway) {
        this.licenses = licenses;
        this.tenants = tenants;
        this.gateway = gateway;
    }

    record Issued(Stored subLicense, String jws) {}

    Issued issue(SubLicenseId id, LicenseSummary parent, Allocation asked, Instant now) {
        var tenant = tenant(CurrentTenant.require());
        var stored = new Stored(
                id,
                parent.id(),
                tenant.mode().name(),
                asked.validFrom(),
                asked.validUntil(),
                asked.graceDays(),
                asked.entitlements(),
                now,
                null,
                1,
                1,
                null,
                asked.overages());
        return new Issued(stored, sign(tenant, parent, stored, now));
    }

    /** The next file of a sub-licence that is there. One that is revoked says that it is suspended, which is for good. */
    String sign(TenantId holder, LicenseSummary parent, Stored stored, Instant now) {
        return sign(tenant(holder), parent, stored, now);
    }

    private String sign(TenantSummary tenant, LicenseSummary parent, Stored stored, Instant now) {
        var claims = new SubLicense(
                stored.id().value(),
                parent.id().value(),
                tenant.id().value(),
                stored.mode(),
                now.truncatedTo(ChronoUnit.SECONDS),
                stored.from(),
                stored.until(),
                stored.graceDays(),
                stored.entitlements(),
                stored.serial(),
                new Holder(tenant.name(), tenant.slug(), tenant.timeZone().getId(), tenant.contactEmail()),
                stored.overages(),
                stored.suspendedAt() != null || stored.revokedAt() != null,
                federation(stored.mode()));
        var signer = licenses.signer(parent.id());
        return LicenseFile.sign(claims, signer.jws(), parent.signingKeyId(), signer.key());
    }

    /** Only who runs an installation of the customer's own has somewhere to report to. */
    private @Nullable Federation federation(String mode) {
        var found = gateway.getIfAvailable();
        return found == null || DeploymentRules.of(DeploymentMode.valueOf(mode)).manySubLicenses()
                ? null
                : found.address().map(FederationGateway.Address::claim).orElse(null);
    }

    private TenantSummary tenant(TenantId id) {
        return tenants.getObject().find(id).orElseThrow(TenancyException.NotFound::new);
    }
}
