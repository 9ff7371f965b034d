package io.garrison.tenancy;

import io.garrison.tenancy.TenancyException.ResellerInUse;
import io.garrison.tenancy.TenancyException.ResellerSlugTaken;
import io.garrison.tenancy.http.EntityTag;
import io.garrison.tenancy.http.Page;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;

@Service
class ResellerService implements ResellerManagement, ResellerDirectory {

    private static final String OBJECT = "reseller";

    private final Resellers resellers;
    private final ObjectProvider<ResellerTies> ties;
    private final House house;
    private final AuditTrail audit;
    private final Clock clock;

    ResellerService(
            Resellers resellers, ObjectProvider<ResellerTies> ties, House house, AuditTrail audit, Clock clock) {
        this.resellers = resellers;
        this.ties = ties;
        this.house = house;
        this.audit = audit;
        this.clock = clock;
    }

    @Override
    @Requires(Permission.TENANT_MANAGE)
    public ResellerSummary create(NewReseller request) {
        new Fields()
                .text("name", request.name(), Fields.MAX_NAME)
                .slug("slug", request.slug())
                .email("contactEmail", request.contactEmail())
                .refuse();
        var reseller = new ResellerSummary(
                new ResellerId(UUID.randomUUID()),
                Objects.requireNonNull(request.slug()),
                Objects.requireNonNull(request.name()).strip(),
                Objects.requireNonNull(request.contactEmail()),
                ResellerState.ACTIVE,
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                1);
        return house.write(() -> {
            try {
                resellers.insert(reseller);
            } catch (DuplicateKeyException e) {
                throw new ResellerSlugTaken(reseller.slug());
            }
            audit.record("reseller.created", OBJECT, reseller.id().toString(), facts(reseller));
            return reseller;
        });
    }

    @Override
    @Requires(Permission.TENANT_VIEW)
    public Page<ResellerSummary> list(@Nullable String after, int limit) {
        return Page.of(house.read(() -> resellers.page(after, limit + 1)), limit, ResellerSummary::slug);
    }

    @Override
    @Requires(Permission.TENANT_VIEW)
    public ResellerSummary get(ResellerId id) {
        return house.read(() -> resellers.find(id)).orElseThrow(TenancyException.NotFound::new);
    }

    @Override
    @Requires(Permission.TENANT_MANAGE)
    public ResellerSummary change(ResellerId id, Change change, long seen) {
        var fields = new Fields();
        if (change.name() != null) {
            fields.text("name", change.name(), Fields.MAX_NAME);
        }
        if (change.contactEmail() != null) {
            fields.email("contactEmail", change.contactEmail());
        }
        fields.refuse();
        return house.write(() -> {
            var old = lock(id, seen);
            var changed = new ResellerSummary(
                    id,
                    old.slug(),
                    change.name() == null ? old.name() : change.name().strip(),
                    change.contactEmail() == null ? old.contactEmail() : change.contactEmail(),
                    change.state() == null ? old.state() : change.state(),
                    old.createdAt(),
                    old.version() + 1);
            resellers.update(changed);
            audit.record(
                    "reseller.changed", OBJECT, id.toString(), Map.of("before", facts(old), "after", facts(changed)));
            return changed;
        });
    }

    @Override
    @Requires(Permission.TENANT_MANAGE)
    public void delete(ResellerId id, long seen) {
        house.write(() -> {
            var reseller = lock(id, seen);
            long tenants = resellers.tenantsOf(id);
            long held = ties.stream().mapToLong(tie -> tie.ofReseller(id)).sum();
            if (tenants > 0 || held > 0) {
                throw new ResellerInUse(tenants, held);
            }
            try {
                resellers.delete(id);
            } catch (DataIntegrityViolationException e) {
                throw new ResellerInUse(1, 0); // a tenant was placed there at the same moment
            }
            audit.record("reseller.deleted", OBJECT, id.toString(), facts(reseller));
        });
    }

    private ResellerSummary lock(ResellerId id, long seen) {
        var found = resellers.lock(id).orElseThrow(TenancyException.NotFound::new);
        EntityTag.check(seen, found.version());
        return found;
    }

    @Override
    public Optional<ResellerId> ofTenant(TenantId tenant) {
        return house.write(() -> resellers.ofTenant(tenant));
    }

    @Override
    public Optional<ResellerState> state(ResellerId id) {
        return house.read(() -> resellers.state(id));
    }

    @Override
    public ResellerSummary pin(ResellerId id) {
        return house.write(() -> resellers.pin(id)).orElseThrow(TenancyException.NotFound::new);
    }

    @Override
    public List<ResellerSummary> among(Collection<ResellerId> ids) {
        return house.read(() -> resellers.among(ids));
    }

    private static Map<String, Object> facts(ResellerSummary reseller) {
        return Map.of(
                "slug", reseller.slug(),
                "name", reseller.name(),
                "contactEmail", reseller.contactEmail(),
                "state", reseller.state());
    }
}
