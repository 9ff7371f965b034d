package io.garrison.tenancy.ui;

import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.SignedIn;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.Workspace;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** Tenants by their part of the address, as far as they exist for the reader. */
@Component
class WorkspaceScopes implements TenantScopes {

    private final Workspace workspace;
    private final DeploymentRules rules;

    WorkspaceScopes(Workspace workspace, DeploymentRules rules) {
        this.workspace = workspace;
        this.rules = rules;
    }

    @Override
    public TenantScope of(String slug) {
        var tenant = workspace.find(slug).orElseThrow(TenancyException.NotFound::new);
        return new Scope(tenant, workspace.enter(tenant.id()), rules.tenantsByHand());
    }

    @Override
    public boolean mayInProvider(Permission permission) {
        return SignedIn.find()
                .map(reader -> reader.may(permission, Optional.empty()))
                .orElse(false);
    }

    /** @param houses whether the provider has a house of its own; else its staff is at home in the one tenant */
    private record Scope(TenantSummary summary, Workspace.Visit visit, boolean houses) implements TenantScope {

        @Override
        public TenantId tenant() {
            return summary.id();
        }

        @Override
        public String name() {
            return summary.name();
        }

        @Override
        public String slug() {
            return summary.slug();
        }

        @Override
        public boolean visiting() {
            return houses
                    && SignedIn.find()
                            .map(reader -> !reader.memberships().containsKey(summary.id()))
                            .orElse(false);
        }

        @Override
        public <R> R call(Supplier<R> work) {
            return visit.call(work::get);
        }

        @Override
        public boolean may(Permission permission) {
            return SignedIn.find()
                    .map(reader -> reader.may(permission, Optional.of(summary.id())))
                    .orElse(false);
        }
    }
}
