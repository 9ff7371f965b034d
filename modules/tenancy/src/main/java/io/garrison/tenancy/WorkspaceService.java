package io.garrison.tenancy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

@Service
class WorkspaceService implements Workspace {

    private final TenantManagement tenants;
    private final SignIn signIn;

    WorkspaceService(TenantManagement tenants, SignIn signIn) {
        this.tenants = tenants;
        this.signIn = signIn;
    }

    @Override
    public boolean isProvider() {
        return person().provider() != null;
    }

    @Override
    public List<TenantSummary> available() {
        var all = new ArrayList<TenantSummary>();
        String after = null;
        do {
            var page = tenants.list(after, 500);
            all.addAll(page.items());
            after = page.next();
        } while (after != null);
        return all;
    }

    @Override
    public Optional<TenantSummary> find(String slug) {
        return available().stream().filter(tenant -> tenant.slug().equals(slug)).findFirst();
    }

    @Override
    public Visit enter(TenantId tenantId) {
        var person = person();
        if (!person.mayEnter(tenantId)) {
            throw new TenancyException.NotFound();
        }
        return new Stay(person.id(), Actor.find().map(Actor::origin).orElse(null), tenantId);
    }

    @Override
    public Visit home() {
        return new Stay(person().id(), Actor.find().map(Actor::origin).orElse(null), null);
    }

    private static SignedIn person() {
        return SignedIn.find().orElseThrow(TenancyException.NotSignedIn::new);
    }

    private final class Stay implements Visit {
        private final UUID account;
        private final @Nullable String origin;
        private final @Nullable TenantId place;

        Stay(UUID account, @Nullable String origin, @Nullable TenantId place) {
            this.account = account;
            this.origin = origin;
            this.place = place;
        }

        @Override
        public <R, X extends Throwable> R call(ScopedValue.CallableOp<R, X> op) throws X {
            var person = signIn.byAccount(account).orElseThrow(TenancyException.NotSignedIn::new);
            if (place == null) {
                return SignedIn.callAs(person, origin, op);
            }
            if (!person.mayEnter(place)) {
                throw new TenancyException.NotFound();
            }
            return SignedIn.callAs(person, origin, () -> CurrentTenant.callAs(place, op));
        }

        @Override
        public boolean may(Permission permission) {
            return signIn.byAccount(account)
                    .map(person -> person.may(permission, Optional.ofNullable(place)))
                    .orElse(false);
        }
    }
}
