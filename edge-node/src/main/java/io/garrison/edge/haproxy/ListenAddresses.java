package io.garrison.edge.haproxy;

import java.util.Map;

/**
 * Where this instance listens for an address of the policy. The policy is the same for all instances of a stack; the
 * network identity is each instance's own.
 *
 * @param byPolicyAddress own IPv4 or IPv6 literal by the literal in the policy; what is absent is used as it is
 */
public record ListenAddresses(Map<String, String> byPolicyAddress) {

    public static final ListenAddresses AS_IN_POLICY = new ListenAddresses(Map.of());

    public ListenAddresses {
        byPolicyAddress = Map.copyOf(byPolicyAddress);
    }

    public String of(String policyAddress) {
        return byPolicyAddress.getOrDefault(policyAddress, policyAddress);
    }
}
