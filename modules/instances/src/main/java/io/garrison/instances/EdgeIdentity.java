package io.garrison.instances;

import io.garrison.tenancy.TenantId;

/** Who dials: taken from the client certificate and from nowhere else. */
public record EdgeIdentity(TenantId tenantId, StackId stackId, InstanceId instanceId) {}
