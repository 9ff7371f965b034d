package io.garrison.tenancy;

import io.garrison.tenancy.http.EntityTag;
import io.garrison.tenancy.http.Page;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

@Service
class TenantService implements TenantManagement, TenantDirectory {
    private static final String OBJECT = "tenant";
    private static final Duration DELETION_LIMIT = Duration.ofHours(6);

    private final Tenants tenants;
    private final House house;
    private final AuditTrail audit;
    private final Deletion deletion;
    private final TenantOrigin origin;
    private final ResellerOfTenant resellers;

    TenantService(
            Tenants tenants,
            House house,
            AuditTrail audit,
            Deletion deletion,
            TenantOrigin origin,
            ResellerOfTenant resellers) {
        this.resellers = resellers;
        this.tenants = tenants;
        this.house = house;
        this.audit = audit;
        this.deletion = deletion;
        this.origin = origin;
    }

    @Override
    @Requires(Permission.TENANT_MANAGE)
    public TenantSummary create(NewTenant request) {
        return origin.byHand(request);
    }

    @Override
    public Page<TenantSummary> list(@Nullable String after, int limit) {
        var who = SignedIn.find().orElseThrow(TenancyException.NotSignedIn::new);
        var all = who.may(Permission.TENANT_VIEW, Optional.empty());
        var rows = house.read(() -> all ? tenants.page(after, limit + 1) : tenants.page(own(who), after, limit + 1));
        return Page.of(rows, limit, TenantSummary::slug);
    }

    @Override
    @Requires(Permission.TENANT_VIEW)
    public TenantSummary get() {
        return house.read(() -> tenants.find(CurrentTenant.require())).orElseThrow(TenancyException.NotFound::new);
    }

    @Override
    @Requires(Permission.TENANT_MANAGE)
    public TenantSummary change(Change change, long seen) {
        var fields = new Fields();
        if (change.name() != null) {
            fields.text("name", change.name(), Fields.MAX_NAME);
        }
        if (change.contactEmail() != null) {
            fields.email("contactEmail", change.contactEmail());
        }
        if (change.timeZone() != null) {
            fields.timeZone("timeZone", change.timeZone());
        }
        fields.refuse();
        return house.write(() -> {
            var old = lock();
            EntityTag.check(seen, old.version());
            origin.requireModeMayBecome(old.mode(), change.mode());
            var changed = new TenantSummary(
                    old.id(),
                    old.slug(),
                    change.name() == null ? old.name() : change.name().strip(),
                    change.mode() == null ? old.mode() : change.mode(),
                    change.contactEmail() == null ? old.contactEmail() : change.contactEmail(),
                    change.timeZone() == null ? old.timeZone() : ZoneId.of(change.timeZone()),
                    old.state(),
                    old.createdAt(),
                    old.version() + 1,
                    old.resellerId());
            tenants.update(changed);
            recordChange(old, changed);
            return changed;
        });
    }

    @Override
    @Requires(Permission.TENANT_MANAGE)
    public TenantSummary place(@Nullable ResellerId reseller, long seen) {
        return house.write(() -> {
            var old = lock();
            EntityTag.check(seen, old.version());
            if (Objects.equals(old.resellerId(), reseller)) {
                return old;
            }
            resellers.requireOpen(reseller);
            resellers.requireFree();
            var placed = moved(old, old.state(), reseller);
            ResellerOfTenant.writing(reseller, () -> tenants.update(placed));
            recordChange(old, placed);
            return placed;
        });
    }

    private void recordChange(TenantSummary old, TenantSummary changed) {
        audit.record(
                "tenant.changed",
                OBJECT,
                old.id().toString(),
                Map.of("before", TenantOrigin.facts(old), "after", TenantOrigin.facts(changed)));
    }

    @Override
    @Requires(Permission.TENANT_MANAGE)
    public TenantSummary suspend() {
        return house.write(() -> {
            var tenant = lock();
            if (tenant.state() != TenantState.ACTIVE) {
                throw new TenancyException.WrongTenantState(tenant.state(), "Only an active tenant can be suspended.");
            }
            return move(tenant, TenantState.SUSPENDED, "tenant.suspended");
        });
    }

    @Override
    @Requires(Permission.TENANT_MANAGE)
    public TenantSummary resume() {
        return house.write(() -> {
            var tenant = lock();
            if (tenant.state() != TenantState.SUSPENDED) {
                throw new TenancyException.WrongTenantState(tenant.state(), "Only a suspended tenant can be resumed.");
            }
            return move(tenant, TenantState.ACTIVE, "tenant.resumed");
        });
    }

    @Override
    @Requires(Permission.TENANT_MANAGE)
    public UUID delete(long seen) {
        var id = CurrentTenant.require();
        var operation = house.write(() -> {
            var tenant = lock();
            EntityTag.check(seen, tenant.version());
            if (tenant.state() != TenantState.SUSPENDED) {
                throw new TenancyException.WrongTenantState(
                        tenant.state(), "Suspend it first; a suspended tenant can be deleted.");
            }
            move(tenant, TenantState.DELETING, "tenant.deletion-began");
            return deletion.announce(DELETION_LIMIT);
        });
        deletion.begin(id);
        return operation;
    }

    @Override
    public Optional<TenantSummary> find(TenantId id) {
        return house.read(() -> tenants.find(id));
    }

    @Override
    public List<TenantSummary> all() {
        return house.read(() -> tenants.page(null, Integer.MAX_VALUE));
    }

    @Override
    public Set<TenantId> keep(Collection<TenantId> ids) {
        return house.write(() -> tenants.keep(ids));
    }

    @Override
    public List<TenantSummary> among(Collection<TenantId> ids) {
        return house.read(() -> tenants.among(ids));
    }

    private TenantSummary lock() {
        return tenants.lock(CurrentTenant.require()).orElseThrow(TenancyException.NotFound::new);
    }

    private TenantSummary move(TenantSummary tenant, TenantState state, String action) {
        var moved = moved(tenant, state, tenant.resellerId());
        tenants.update(moved);
        audit.record(action, OBJECT, tenant.id().toString(), Map.of("slug", tenant.slug()));
        return moved;
    }

    private static TenantSummary moved(TenantSummary tenant, TenantState state, @Nullable ResellerId reseller) {
        return new TenantSummary(
                tenant.id(),
                tenant.slug(),
                tenant.name(),
                tenant.mode(),
                tenant.contactEmail(),
                tenant.timeZone(),
                state,
                tenant.createdAt(),
                tenant.version() + 1,
                reseller);
    }

    private static Set<TenantId> own(SignedIn who) {
        var own = new HashSet<>(who.memberships().keySet());
        if (who.actingAs() != null) {
            own.add(who.actingAs().tenantId());
        }
        return own;
    }
}
