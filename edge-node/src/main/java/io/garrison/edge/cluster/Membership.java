package io.garrison.edge.cluster;

import io.garrison.edge.cluster.election.Voters;
import io.garrison.edge.join.Identity;
import io.garrison.protocol.BundleSigning.UntrustedBundleException;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.PlanSigning;
import io.garrison.protocol.SignedBundle;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
 *
 * <p>Numbers are each instance's own. So of own plans the higher number is the newer one, even if management's clock went
 * back between them; one of a peer can be told by its time only, and has to be later than all that were known here.
 */
final class Membership {

    private static final Logger log = LoggerFactory.getLogger(Membership.class);

    private final Supplier<Identity> identity;
    private final Clock clock;
    private volatile @Nullable InstancePlan newest;
    private long number;
    private Instant latest = Instant.MIN;
    private Instant peersHeardFrom = Instant.MIN;

    Membership(Supplier<Identity> identity, Clock clock) {
        this.identity = identity;
        this.clock = clock;
    }

    /** Takes this instance's own plan. @return whether it is newer than the own one before */
    synchronized boolean take(InstancePlan plan) {
        if (plan.number() <= number) {
            return false;
        }
        number = plan.number();
        newest = plan;
        if (plan.issuedAt().isBefore(latest)) {
            // Management's clock went back. Until it has caught up, whatever seems to be later is from before.
            peersHeardFrom = clock.instant().plus(Duration.between(plan.issuedAt(), latest));
        } else {
            latest = plan.issuedAt();
        }
        return true;
    }

    private synchronized boolean takePeers(InstancePlan plan) {
        if (!plan.issuedAt().isAfter(latest) || clock.instant().isBefore(peersHeardFrom)) {
            return false;
        }
        newest = plan;
        latest = plan.issuedAt();
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
            return ours && takePeers(plan);
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
