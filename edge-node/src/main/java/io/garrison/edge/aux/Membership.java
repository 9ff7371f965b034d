package io.garrison.edge.aux;

import io.garrison.edge.haproxy.ClientRange;
import io.garrison.edge.haproxy.StackLink;
import io.garrison.edge.join.Identity;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.InstancePlan;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * With whom this instance is to share tables.
 *
 * @param link null if with nobody
 * @param problem why not, although the plan says so
 */
public record Membership(@Nullable StackLink link, @Nullable String problem) {

    public static final Membership NONE = new Membership(null, null);

    private static final int HIGHEST_PORT = 65_535;

    /** Members whose address is not known yet take part as soon as it is. */
    public static Membership of(InstancePlan plan, Identity identity) {
        if (plan.ha().mode() == HaMode.NONE || plan.members().size() < 2) {
            return NONE;
        }
        var credential = identity.stackCredential();
        if (credential == null) {
            return without("Management gave this instance no certificate for its stack; the next renewal brings one.");
        }
        var reachable = plan.members().stream()
                .filter(member -> member.address() != null)
                .sorted(Comparator.comparing(InstancePlan.Member::instanceId))
                .toList();
        if (reachable.stream().noneMatch(member -> member.instanceId().equals(identity.instanceId()))) {
            return without("The plan has no address of this instance.");
        }
        if (reachable.size() > StackLink.MAX_MEMBERS) {
            return without("More than " + StackLink.MAX_MEMBERS + " instances can't share tables.");
        }
        if (!reachable.stream().allMatch(Membership::isPlace)) {
            return without("An address or port in the plan can't be used.");
        }
        return reachable.size() < 2
                ? NONE
                : new Membership(
                        new StackLink(
                                identity.instanceId(),
                                members(reachable),
                                credential.certificateChain() + identity.keyPem(),
                                credential.trustAnchors()),
                        null);
    }

    private static List<StackLink.Member> members(List<InstancePlan.Member> members) {
        return members.stream()
                .map(member ->
                        new StackLink.Member(member.instanceId(), String.valueOf(member.address()), member.port() + 1))
                .toList();
    }

    private static boolean isPlace(InstancePlan.Member member) {
        try {
            var range = ClientRange.parse(String.valueOf(member.address()));
            return !range.text().contains("/") && member.port() >= 1 && member.port() < HIGHEST_PORT;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Membership without(String problem) {
        return new Membership(null, problem);
    }

    @Override
    public String toString() {
        return "Membership[link=" + link + ", problem=" + problem + "]";
    }
}
