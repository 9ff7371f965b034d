package io.garrison.instances;

import io.garrison.licensing.SubLicenseId;
import io.garrison.tenancy.TenantId;
import java.util.UUID;

/**
 * An installation of a customer's own as the MSSP's installation knows it: from its client certificate or from the key that
 * signed its file, and from nowhere else.
 */
public record SiteIdentity(TenantId tenantId, SubLicenseId subLicenseId, UUID siteId) {}
