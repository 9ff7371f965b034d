package io.garrison.licensing;

import io.garrison.tenancy.TenantEvent;
import io.garrison.tenancy.TenantId;
import java.time.Instant;

/** A tenant's suspended sub-licence was resumed. */
public record SubLicenseResumed(TenantId tenantId, SubLicenseId subLicense, Instant at) implements TenantEvent {}
