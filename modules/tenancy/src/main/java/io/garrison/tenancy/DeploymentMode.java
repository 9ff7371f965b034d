package io.garrison.tenancy;

/** Who runs management for a tenant, and where. */
public enum DeploymentMode {
    STANDALONE,
    CENTRALIZED,
    CLUSTER,
    PRIVATE_CLOUD
}
