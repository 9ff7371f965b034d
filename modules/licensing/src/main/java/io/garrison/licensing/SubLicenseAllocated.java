package io.garrison.licensing;

import io.garrison.tenancy.TenantEvent;
import io.garrison.tenancy.TenantId;
import java.time.Instant;

/** A tenant was given a sub-licence. */
public record SubLicenseAllocated(TenantId tenantId, SubLicenseId subLicense, Instant at) implements TenantEvent {}
