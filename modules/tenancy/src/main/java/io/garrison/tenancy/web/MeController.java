package io.garrison.tenancy.web;

import io.garrison.tenancy.Actor;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.SignedIn;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.TenantDirectory;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/me")
class MeController {

    private final TenantDirectory tenants;

    MeController(TenantDirectory tenants) {
        this.tenants = tenants;
    }

    @GetMapping
    Me me() {
        var who = SignedIn.find().orElseThrow(TenancyException.NotSignedIn::new);
        var session = who.actingAs();
        var roles = new HashMap<TenantId, Role>();
        if (session == null) {
            who.memberships().forEach((tenant, membership) -> roles.put(tenant, membership.role()));
        } else {
            roles.put(session.tenantId(), Role.TENANT_ADMIN);
        }
        var own = new ArrayList<MyTenant>();
        roles.forEach((id, role) -> tenants.find(id)
                .ifPresent(tenant ->
                        own.add(new MyTenant(id.value(), tenant.slug(), tenant.name(), role, tenant.state()))));
        own.sort(Comparator.comparing(MyTenant::slug));
        return new Me(
                who.id(),
                who.kind(),
                who.name(),
                who.provider() == null || session != null ? List.of() : List.of(who.provider()),
                own,
                session == null ? null : new Acting(session.reason(), session.ticket(), session.until()));
    }

    /**
     * @param roles in the provider's house
     * @param tenants in which the caller has a role of their own; the provider's staff may see others too
     */
    record Me(
            UUID id,
            Actor.Kind kind,
            String name,
            List<Role> roles,
            List<MyTenant> tenants,
            @Nullable Acting actingAs) {}

    record MyTenant(UUID id, String slug, String name, Role role, TenantState state) {}

    record Acting(String reason, String ticket, Instant until) {}
}
