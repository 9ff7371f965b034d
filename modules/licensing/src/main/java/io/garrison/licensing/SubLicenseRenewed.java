package io.garrison.licensing;

import io.garrison.tenancy.TenantEvent;
import io.garrison.tenancy.TenantId;
import java.time.Instant;

/** A tenant's sub-licence was given a later end, or another grace. */
public record SubLicenseRenewed(TenantId tenantId, SubLicenseId subLicense, Instant at) implements TenantEvent {}
