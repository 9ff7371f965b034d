package io.garrison.tenancy;

import io.garrison.tenancy.TenantManagement.NewTenant;
import java.time.Clock;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;

/** How tenants come into being: by hand, where the installation's mode has them made so, or with a sub-licence. */
@Component
class TenantOrigin implements TenantAdmission {

    private final Tenants tenants;
    private final House house;
    private final AuditTrail audit;
    private final Clock clock;
    private final DeploymentRules rules;
    private final ResellerOfTenant resellers;

    TenantOrigin(
            Tenants tenants,
            House house,
            AuditTrail audit,
            Clock clock,
            DeploymentRules rules,
            ResellerOfTenant resellers) {
        this.resellers = resellers;
        this.tenants = tenants;
        this.house = house;
        this.audit = audit;
        this.clock = clock;
        this.rules = rules;
    }

    TenantSummary byHand(NewTenant request) {
        rules.requireTenantsByHand();
        return house.write(() -> insert(new TenantId(UUID.randomUUID()), request));
    }

    @Override
    @Requires(Permission.TENANT_MANAGE)
    public TenantSummary admit(TenantId id, NewTenant facts) {
        return house.write(() -> {
            var known = tenants.lock(id);
            if (known.isEmpty()) {
                return insert(id, facts);
            }
            if (facts.slug() != null && !facts.slug().equals(known.get().slug())) {
                throw new TenancyException.TenantHasAnotherSlug(known.get().slug(), facts.slug());
            }
            if (known.get().state() == TenantState.DELETING) {
                throw new TenancyException.WrongTenantState(
                        TenantState.DELETING, "Load the sub-licence again when its deletion has ended.");
            }
            return known.get();
        });
    }

    /** @throws TenancyException.ModeComesWithLicense if it would change and comes with the sub-licence here */
    void requireModeMayBecome(DeploymentMode old, @Nullable DeploymentMode wanted) {
        if (wanted != null && wanted != old && !rules.tenantsByHand()) {
            throw new TenancyException.ModeComesWithLicense(old);
        }
    }

    private TenantSummary insert(TenantId id, NewTenant request) {
        new Fields()
                .text("name", request.name(), Fields.MAX_NAME)
                .slug("slug", request.slug())
                .present("mode", request.mode())
                .email("contactEmail", request.contactEmail())
                .timeZone("timeZone", request.timeZone())
                .refuse();
        resellers.requireOpen(request.reseller());
        var tenant = new TenantSummary(
                id,
                given(request.slug()),
                given(request.name()).strip(),
                given(request.mode()),
                given(request.contactEmail()),
                ZoneId.of(given(request.timeZone())),
                TenantState.ACTIVE,
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                1,
                request.reseller());
        try {
            ResellerOfTenant.writing(tenant.resellerId(), () -> tenants.insert(tenant));
        } catch (DuplicateKeyException e) {
            throw new TenancyException.SlugTaken(tenant.slug());
        }
        audit.record("tenant.created", "tenant", id.toString(), facts(tenant));
        return tenant;
    }

    static Map<String, Object> facts(TenantSummary tenant) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("slug", tenant.slug());
        facts.put("name", tenant.name());
        facts.put("mode", tenant.mode());
        facts.put("contactEmail", tenant.contactEmail());
        facts.put("timeZone", tenant.timeZone().getId());
        if (tenant.resellerId() != null) {
            facts.put("reseller", tenant.resellerId().toString());
        }
        return facts;
    }

    /** What the field check has found to be there. */
    private static <T> T given(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("a field passed its check without a value");
        }
        return value;
    }
}
