package io.garrison.shell;

import io.garrison.instances.EnrollmentTokens;
import io.garrison.instances.EnrollmentTokens.NewToken;
import io.garrison.instances.StackManagement;
import io.garrison.instances.StackSummary;
import io.garrison.instances.TrafficMode;
import io.garrison.licensing.SubLicenseAdministration;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.tenancy.MemberManagement;
import io.garrison.tenancy.MemberManagement.Invited;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.TenantManagement;
import io.garrison.tenancy.TenantManagement.NewTenant;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.Workspace;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Makes a tenant with all that it needs to begin: sub-licence, stack, enrolment token, and an invitation of its first
 * administrator. The parts belong to several modules and cannot share a transaction; so if one step fails, those that
 * went through are taken back in reverse order.
 */
@Component
class Onboarding {

    private static final Logger log = LoggerFactory.getLogger(Onboarding.class);

    private final Workspace workspace;
    private final TenantManagement tenants;
    private final SubLicenseAdministration licenses;
    private final StackPart stacks;
    private final MemberManagement members;

    Onboarding(
            Workspace workspace,
            TenantManagement tenants,
            SubLicenseAdministration licenses,
            StackPart stacks,
            MemberManagement members) {
        this.workspace = workspace;
        this.tenants = tenants;
        this.licenses = licenses;
        this.stacks = stacks;
        this.members = members;
    }

    /** Stacks and the tokens that lead into them. */
    @Component
    record StackPart(StackManagement stacks, EnrollmentTokens tokens) {}

    /**
     * What is to be made.
     *
     * @param administrator e-mail address of the tenant's first administrator; nobody is invited if absent
     */
    record Plan(
            NewTenant tenant,
            Allocation allocation,
            String stackName,
            TrafficMode trafficMode,
            int tokenMinutes,
            int machines,
            @Nullable String administrator) {}

    record Made(
            TenantSummary tenant,
            StackSummary stack,
            NewToken token,
            @Nullable Invited invited) {}

    /** @throws io.garrison.tenancy.Refusal of the step that failed; everything before it is undone */
    Made run(Plan plan) {
        Deque<Runnable> undo = new ArrayDeque<>();
        try {
            var tenant = tenants.create(plan.tenant());
            undo.push(() -> remove(tenant));
            return workspace.enter(tenant.id()).call(() -> equip(tenant, plan, undo));
        } catch (RuntimeException failed) {
            takeBack(undo, failed);
            throw failed;
        }
    }

    private Made equip(TenantSummary tenant, Plan plan, Deque<Runnable> undo) {
        var license = licenses.allocate(plan.allocation());
        undo.push(() -> workspace.enter(tenant.id()).call(() -> licenses.revoke(license.id())));
        var stack = stacks.stacks().create(plan.stackName(), license.id(), plan.trafficMode());
        undo.push(() -> workspace.enter(tenant.id()).call(() -> {
            stacks.stacks().delete(stack.id(), -1);
            return true;
        }));
        var token = stacks.tokens().create(stack.id(), plan.tokenMinutes(), plan.machines());
        var invited = plan.administrator() == null ? null : members.invite(plan.administrator(), Role.TENANT_ADMIN);
        return new Made(tenant, stack, token, invited);
    }

    private void remove(TenantSummary tenant) {
        workspace.enter(tenant.id()).call(() -> {
            tenants.suspend();
            return tenants.delete(-1);
        });
    }

    private static void takeBack(Deque<Runnable> undo, RuntimeException failed) {
        for (var step : undo) {
            try {
                step.run();
            } catch (RuntimeException e) {
                // the first failure is what the reader has to know; that something stayed is for the operator
                log.error("a step of an onboarding could not be undone", e);
                failed.addSuppressed(e);
            }
        }
    }
}
