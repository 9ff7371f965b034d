package io.garrison.tenancy;

/** What somebody may do in a scope: in the bound tenant, or, with none bound, in the provider's own house. */
public enum Permission {
    TENANT_VIEW,
    /** Create, change, suspend and delete tenants. Provider only. */
    TENANT_MANAGE,
    MEMBER_VIEW,
    MEMBER_MANAGE,
    API_KEY_MANAGE,
    /** Enter a tenant on its behalf, with a reason and a time limit. Provider only. */
    ACT_AS,
    AUDIT_VIEW,
    LICENSE_VIEW,
    /** Take the signed file of a sub-licence, by which an installation is bound to it. */
    LICENSE_EXPORT,
    /** Load licences, allocate and change sub-licences. Provider only. */
    LICENSE_MANAGE,
    STACK_VIEW,
    /** Create and delete stacks, make enrolment tokens, set high availability. */
    STACK_MANAGE,
    /** Edit drafts, publish, roll back, keep certificates. */
    POLICY_EDIT,
    /** Drain, resume, quarantine, decommission, rehearse failovers. */
    INSTANCE_OPERATE,
    /** Statistics, logs, reports. */
    TELEMETRY_VIEW,
    USAGE_VIEW,
    /** Ask the edges for their registers now, make and load usage files. Provider only. */
    USAGE_FLUSH,
    /** Metrics and health of the installation itself. Provider only. */
    SYSTEM_VIEW
}
