package io.garrison.instances;

import io.garrison.licensing.Consumption;
import io.garrison.licensing.Metric;
import io.garrison.licensing.SubLicenseId;
import io.garrison.licensing.SubLicenses;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import io.garrison.tenancy.http.EntityTag;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
class StackService implements StackManagement {

    private final Stacks stacks;
    private final SubLicenses subLicenses;
    private final Consumption consumption;
    private final AuditTrail audit;
    private final Clock clock;

    StackService(Stacks stacks, SubLicenses subLicenses, Consumption consumption, AuditTrail audit, Clock clock) {
        this.consumption = consumption;
        this.stacks = stacks;
        this.subLicenses = subLicenses;
        this.audit = audit;
        this.clock = clock;
    }

    @Override
    @Requires(Permission.STACK_MANAGE)
    public StackSummary create(String name, SubLicenseId subLicense, TrafficMode trafficMode) {
        requireName(name);
        subLicenses.requireInForce(subLicense);
        var id = new StackId(UUID.randomUUID());
        stacks.insert(
                id,
                name,
                subLicense,
                trafficMode,
                clock.instant(),
                Actor.current().name());
        audit.record(
                "stack.created",
                "stack",
                id.toString(),
                Map.of("name", name, "subLicenseId", subLicense.toString(), "trafficMode", trafficMode.name()));
        return stacks.summary(id).orElseThrow(InstanceException.NotFound::new);
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public List<StackSummary> list(@Nullable StackId after, int limit) {
        return stacks.summaries(after, limit);
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public StackSummary get(StackId id) {
        return stacks.summary(id).orElseThrow(InstanceException.NotFound::new);
    }

    @Override
    @Requires(Permission.STACK_MANAGE)
    public StackSummary change(StackId id, long seen, Change change) {
        var stack = stacks.requireLocked(id);
        EntityTag.check(seen, stack.version());
        if (change.name() != null) {
            rename(stack, change.name());
        }
        if (change.retireLostAfterHours() != null) {
            retireLostAfter(stack, change.retireLostAfterHours());
        }
        return stacks.summary(id).orElseThrow(InstanceException.NotFound::new);
    }

    private void rename(Stacks.Row stack, String name) {
        requireName(name);
        if (!stack.name().equals(name)) {
            stacks.rename(stack.id(), name);
            audit.record(
                    "stack.renamed", "stack", stack.id().toString(), Map.of("before", stack.name(), "after", name));
        }
    }

    private void retireLostAfter(Stacks.Row stack, int hours) {
        if (hours < 0 || hours > MOST_RETIRE_HOURS) {
            throw new InstanceException.Invalid(
                    "stack.retire-lost-after",
                    "/retireLostAfterHours",
                    "must be 0, for never, to %d hours".formatted(MOST_RETIRE_HOURS));
        }
        if (stack.retireLostAfterHours() != hours) {
            stacks.retireLostAfter(stack.id(), hours);
            audit.record(
                    "stack.retirement-changed",
                    "stack",
                    stack.id().toString(),
                    Map.of("name", stack.name(), "before", stack.retireLostAfterHours(), "after", hours));
        }
    }

    @Override
    @Requires(Permission.STACK_MANAGE)
    public void delete(StackId id, long seen) {
        var stack = stacks.requireLocked(id);
        EntityTag.check(seen, stack.version());
        var summary = stacks.summary(id).orElseThrow(InstanceException.NotFound::new);
        if (summary.instances() > 0) {
            throw new InstanceException.StackInUse(summary.instances());
        }
        stacks.delete(id, clock.instant());
        if (subLicenses.find(stack.subLicense()).isPresent()) {
            consumption.tell(
                    stack.subLicense(),
                    Metric.VIRTUAL_SERVICES,
                    stacks.virtualServicesOfOthers(stack.subLicense(), id));
        }
        audit.record("stack.deleted", "stack", id.toString(), Map.of("name", stack.name()));
    }

    private static void requireName(String name) {
        if (!Names.isStackName(name)) {
            throw new InstanceException.Invalid("stack.name", "/name", Names.OF_STACK_RULE);
        }
    }
}
