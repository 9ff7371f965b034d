package io.garrison.tenancy;

import static io.garrison.tenancy.Permission.*;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What a member is, in the provider's house or in a tenant. The table of permissions is in {@code docs/roles.md}. */
public enum Role {
    /** Everything, everywhere. */
    PLATFORM_ADMIN(true, EnumSet.allOf(Permission.class)),
    /** Runs the service for all tenants; neither staff nor licences nor the life of tenants. */
    OPERATOR(
            true,
            EnumSet.of(
                    TENANT_VIEW,
                    MEMBER_VIEW,
                    ACT_AS,
                    AUDIT_VIEW,
                    LICENSE_VIEW,
                    STACK_VIEW,
                    STACK_MANAGE,
                    POLICY_EDIT,
                    INSTANCE_OPERATE,
                    TELEMETRY_VIEW,
                    USAGE_VIEW,
                    USAGE_FLUSH,
                    SYSTEM_VIEW)),
    BILLING_CLERK(true, EnumSet.of(TENANT_VIEW, LICENSE_VIEW, USAGE_VIEW, USAGE_FLUSH)),
    /** Reads what was done and what was sold, never customers' traffic. */
    AUDITOR(true, EnumSet.of(TENANT_VIEW, AUDIT_VIEW, LICENSE_VIEW, STACK_VIEW)),

    TENANT_ADMIN(
            false,
            EnumSet.of(
                    TENANT_VIEW,
                    MEMBER_VIEW,
                    MEMBER_MANAGE,
                    API_KEY_MANAGE,
                    AUDIT_VIEW,
                    LICENSE_VIEW,
                    LICENSE_EXPORT,
                    STACK_VIEW,
                    STACK_MANAGE,
                    POLICY_EDIT,
                    INSTANCE_OPERATE,
                    TELEMETRY_VIEW,
                    USAGE_VIEW)),
    TENANT_EDITOR(
            false,
            EnumSet.of(
                    TENANT_VIEW,
                    AUDIT_VIEW,
                    LICENSE_VIEW,
                    STACK_VIEW,
                    POLICY_EDIT,
                    INSTANCE_OPERATE,
                    TELEMETRY_VIEW,
                    USAGE_VIEW)),
    TENANT_VIEWER(false, EnumSet.of(TENANT_VIEW, LICENSE_VIEW, STACK_VIEW, TELEMETRY_VIEW, USAGE_VIEW));

    private static final Set<Permission> READING =
            EnumSet.of(TENANT_VIEW, MEMBER_VIEW, AUDIT_VIEW, LICENSE_VIEW, STACK_VIEW, TELEMETRY_VIEW, USAGE_VIEW);

    private final boolean provider;
    private final Set<Permission> permissions;

    Role(boolean provider, Set<Permission> permissions) {
        this.provider = provider;
        this.permissions = Collections.unmodifiableSet(permissions);
    }

    /** Whether it is a role of the provider's staff; the others are roles within a tenant. */
    public boolean isProvider() {
        return provider;
    }

    /** Whether it is the role that must always have one holder. */
    public boolean isAdministrator() {
        return this == PLATFORM_ADMIN || this == TENANT_ADMIN;
    }

    public Set<Permission> permissions() {
        return permissions;
    }

    /** What is left of a tenant role while its tenant is suspended. */
    static boolean isReading(Permission permission) {
        return READING.contains(permission);
    }
}
