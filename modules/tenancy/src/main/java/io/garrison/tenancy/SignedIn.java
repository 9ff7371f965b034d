package io.garrison.tenancy;

import java.io.Serializable;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, with the roles that they hold at this moment. Made anew for each request from the credential; never kept
 * across requests, so that a role that was taken away is gone with the next call.
 *
 * @param id account or API key
 * @param name e-mail address, or name of the key
 * @param provider role in the provider's house
 * @param memberships role in each tenant
 * @param actingAs the act-as session, if the credential belongs to one; it reaches that tenant and nothing else,
 *     and what it may do there leaves nothing behind that lets anybody in after its end
 */
public record SignedIn(
        Actor.Kind kind,
        UUID id,
        String name,
        @Nullable Role provider,
        Map<TenantId, Membership> memberships,
        @Nullable ActingAs actingAs) {

    /** By these a session could leave a credential behind that outlasts it. */
    private static final Set<Permission> OUTLASTING = Set.of(Permission.API_KEY_MANAGE, Permission.MEMBER_MANAGE);

    private static final ScopedValue<SignedIn> BOUND = ScopedValue.newInstance();

    public SignedIn {
        memberships = Map.copyOf(memberships);
    }

    /** @param suspended whether the tenant is suspended, which leaves its members reading rights only */
    public record Membership(Role role, boolean suspended) implements Serializable {}

    /** @param until when the session ends by itself */
    public record ActingAs(UUID session, TenantId tenantId, String reason, String ticket, Instant until) {}

    /** Somebody of the provider's staff. */
    public static SignedIn staff(UUID id, String name, Role role) {
        return new SignedIn(Actor.Kind.ACCOUNT, id, name, role, Map.of(), null);
    }

    /** A member of one tenant. */
    public static SignedIn member(UUID id, String name, TenantId tenantId, Role role) {
        return new SignedIn(Actor.Kind.ACCOUNT, id, name, null, Map.of(tenantId, new Membership(role, false)), null);
    }

    public static Optional<SignedIn> find() {
        return BOUND.isBound() ? Optional.of(BOUND.get()) : Optional.empty();
    }

    /** Binds who calls for the duration of {@code op}, together with the {@link Actor} for the audit trail. */
    public static <R, X extends Throwable> R callAs(
            SignedIn who, @Nullable String origin, ScopedValue.CallableOp<R, X> op) throws X {
        return Actor.callAs(
                who.actor(origin), () -> ScopedValue.where(BOUND, who).call(op));
    }

    /** @param origin network address of the caller */
    public Actor actor(@Nullable String origin) {
        var onBehalf = actingAs == null ? null : "%s (%s)".formatted(actingAs.reason(), actingAs.ticket());
        return new Actor(kind, id.toString(), name, origin, onBehalf);
    }

    /** Whether this tenant exists for the caller at all; what it does not, is answered with 404. */
    public boolean mayEnter(TenantId tenantId) {
        if (actingAs != null) {
            return actingAs.tenantId().equals(tenantId);
        }
        return provider != null || memberships.containsKey(tenantId);
    }

    /** @param tenantId the scope; none for the provider's own house */
    public boolean may(Permission permission, Optional<TenantId> tenantId) {
        return tenantId.map(tenant -> mayIn(tenant, permission)).orElseGet(() -> mayAtHome(permission));
    }

    private boolean mayAtHome(Permission permission) {
        return actingAs == null && provider != null && provider.permissions().contains(permission);
    }

    private boolean mayIn(TenantId tenantId, Permission permission) {
        if (actingAs != null) {
            return actingAs.tenantId().equals(tenantId)
                    && Role.TENANT_ADMIN.permissions().contains(permission)
                    && !OUTLASTING.contains(permission);
        }
        if (mayAtHome(permission)) {
            return true;
        }
        var membership = memberships.get(tenantId);
        return membership != null
                && membership.role().permissions().contains(permission)
                && (!membership.suspended() || Role.isReading(permission));
    }
}
