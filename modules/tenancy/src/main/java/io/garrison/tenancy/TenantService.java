package io.garrison.tenancy;

import io.garrison.tenancy.http.EntityTag;
import io.garrison.tenancy.http.Page;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;

@Service
class TenantService implements TenantManagement, TenantDirectory {
    private static final String OBJECT = "tenant";
    private static final Duration DELETION_LIMIT = Duration.ofHours(6);

    private final Tenants tenants;
    private final House house;
    private final AuditTrail audit;
    private final Clock clock;
    private final Deletion deletion;

    TenantService(Tenants tenants, House house, AuditTrail audit, Clock clock, Deletion deletion) {
        this.tenants = tenants;
        this.house = house;
        this.audit = audit;
        this.clock = clock;
        this.deletion = deletion;
    }

    @Override
    @Requires(Permission.TENANT_MANAGE)
    public TenantSummary create(NewTenant request) {
        new Fields()
                .text("name", request.name(), Fields.MAX_NAME)
                .slug("slug", request.slug())
                .present("mode", request.mode())
                .email("contactEmail", request.contactEmail())
                .timeZone("timeZone", request.timeZone())
                .refuse();
        var tenant = new TenantSummary(
                new TenantId(UUID.randomUUID()),
                given(request.slug()),
                given(request.name()).strip(),
                given(request.mode()),
                given(request.contactEmail()),
                ZoneId.of(given(request.timeZone())),
                TenantState.ACTIVE,
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                1);
        try {
            return house.write(() -> {
                tenants.insert(tenant);
                audit.record("tenant.created", OBJECT, tenant.id().toString(), facts(tenant));
                return tenant;
            });
        } catch (DuplicateKeyException e) {
            throw new TenancyException.SlugTaken(tenant.slug());
        }
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
            var changed = new TenantSummary(
                    old.id(),
                    old.slug(),
                    change.name() == null ? old.name() : change.name().strip(),
                    change.mode() == null ? old.mode() : change.mode(),
                    change.contactEmail() == null ? old.contactEmail() : change.contactEmail(),
                    change.timeZone() == null ? old.timeZone() : ZoneId.of(change.timeZone()),
                    old.state(),
                    old.createdAt(),
                    old.version() + 1);
            tenants.update(changed);
            audit.record(
                    "tenant.changed",
                    OBJECT,
                    old.id().toString(),
                    Map.of("before", facts(old), "after", facts(changed)));
            return changed;
        });
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

    private TenantSummary lock() {
        return tenants.lock(CurrentTenant.require()).orElseThrow(TenancyException.NotFound::new);
    }

    private TenantSummary move(TenantSummary tenant, TenantState state, String action) {
        var moved = new TenantSummary(
                tenant.id(),
                tenant.slug(),
                tenant.name(),
                tenant.mode(),
                tenant.contactEmail(),
                tenant.timeZone(),
                state,
                tenant.createdAt(),
                tenant.version() + 1);
        tenants.update(moved);
        audit.record(action, OBJECT, tenant.id().toString(), Map.of("slug", tenant.slug()));
        return moved;
    }

    private static Set<TenantId> own(SignedIn who) {
        var own = new HashSet<>(who.memberships().keySet());
        if (who.actingAs() != null) {
            own.add(who.actingAs().tenantId());
        }
        return own;
    }

    private static Map<String, Object> facts(TenantSummary tenant) {
        return Map.of(
                "slug", tenant.slug(),
                "name", tenant.name(),
                "mode", tenant.mode(),
                "contactEmail", tenant.contactEmail(),
                "timeZone", tenant.timeZone().getId());
    }

    /** What the field check has found to be there. */
    private static <T> T given(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("a field passed its check without a value");
        }
        return value;
    }
}
