package io.garrison.licensing;

import io.garrison.tenancy.TenantEvent;
import io.garrison.tenancy.TenantId;
import java.time.Instant;

/** A tenant began to use more than a limit of its sub-licence. */
public record OverageBegan(TenantId tenantId, SubLicenseId subLicense, Metric metric, Overage.Policy policy, Instant at)
        implements TenantEvent {}
