package io.garrison.protocol;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The part of one instance in its stack: what differs between instances that serve the same policy. Signed, so that it
 * may travel by way of a peer.
 *
 * @param version of this document's form; 1
 * @param number grows with every change; an instance follows no lower one
 * @param instanceId whom it is for
 * @param routers shared addresses; empty unless the mode moves any
 * @param linkPairs devices that must have a carrier together, a client's side and a server's side
 * @param members all instances of the stack, this one included, ordered by id: the declared membership
 */
public record InstancePlan(
        int version,
        long number,
        UUID tenantId,
        UUID stackId,
        UUID instanceId,
        Instant issuedAt,
        HaSettings ha,
        List<VirtualRouter> routers,
        List<LinkPair> linkPairs,
        List<Member> members) {

    public static final int VERSION = 1;

    public InstancePlan {
        ha = Absent.or(ha, HaSettings.DEFAULT);
        routers = Absent.orEmpty(routers);
        linkPairs = Absent.orEmpty(linkPairs);
        members = Absent.orEmpty(members);
    }

    public record LinkPair(String front, String back) {}

    /**
     * @param name of the instance
     * @param address where its peers reach it, as it reported; absent until then
     * @param port its {@link HaSettings#port()}
     */
    public record Member(
            UUID instanceId, String name, @Nullable String address, int port, boolean primary) {}
}
