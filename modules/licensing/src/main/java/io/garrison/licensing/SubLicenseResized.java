package io.garrison.licensing;

import io.garrison.tenancy.TenantEvent;
import io.garrison.tenancy.TenantId;
import java.time.Instant;

/** What a tenant's sub-licence grants was changed, by a resize or by a transfer. */
public record SubLicenseResized(TenantId tenantId, SubLicenseId subLicense, Instant at) implements TenantEvent {}
