package io.garrison.edge.cluster;

import io.garrison.edge.cluster.election.Voters;
import io.garrison.edge.join.Identity;
import io.garrison.protocol.BundleSigning.UntrustedBundleException;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.PlanSigning;
import io.garrison.protocol.SignedBundle;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The declared membership, from the newest plan that is known: this instance's own, or one that a peer was given. Any of
 * them is signed by management for this stack. Thread-safe.
 */
final class Membership {

    private static final Logger log = LoggerFactory.getLogger(Membership.class);

    private final Supplier<Identity> identity;
    private volatile @Nullable InstancePlan newest;

    Membership(Supplier<Identity> identity) {
        this.identity = identity;
    }

    /** @return whether it is newer than what was known */
    synchronized boolean take(InstancePlan plan) {
        var known = newest;
        if (known != null && !plan.issuedAt().isAfter(known.issuedAt())) {
            return false;
        }
        newest = plan;
        return true;
    }

    /** Takes what a peer says its plan is, if management says so too. @return whether anything changed */
    boolean takeFromPeer(SignedBundle signed) {
        var me = identity.get();
        try {
            var plan = PlanSigning.verify(signed, me.trustedPolicyKeys());
            boolean ours = plan.version() == InstancePlan.VERSION
                    && plan.stackId().equals(me.stackId())
                    && plan.tenantId().equals(me.tenantId());
            if (!ours) {
                log.warn("A peer's plan is for another stack");
            }
            return ours && take(plan);
        } catch (UntrustedBundleException e) {
            log.warn("A peer's plan is not management's: {}", e.getMessage());
            return false;
        }
    }

    List<InstancePlan.Member> members() {
        var plan = newest;
        return plan == null ? List.of() : plan.members();
    }

    /** Absent if management has not declared it. */
    @Nullable
    String name(UUID instance) {
        return declared(instance).map(InstancePlan.Member::name).orElse(null);
    }

    /** Where it is reached; absent if nobody has said so yet. */
    @Nullable
    String address(UUID instance) {
        return declared(instance).map(InstancePlan.Member::address).orElse(null);
    }

    Voters voters() {
        return Voters.of(
                members().stream().map(InstancePlan.Member::instanceId).toList(),
                members().stream()
                        .filter(InstancePlan.Member::primary)
                        .map(InstancePlan.Member::instanceId)
                        .toList());
    }

    /** Whether management counts it among the stack's; before any plan is known every certificate of the stack will do. */
    boolean isDeclared(UUID instance) {
        return members().isEmpty() || declared(instance).isPresent();
    }

    private Optional<InstancePlan.Member> declared(UUID instance) {
        return members().stream()
                .filter(member -> member.instanceId().equals(instance))
                .findFirst();
    }
}
