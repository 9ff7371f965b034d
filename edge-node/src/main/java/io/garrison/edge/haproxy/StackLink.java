package io.garrison.edge.haproxy;

import io.garrison.protocol.ProtocolJson;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How this instance shares tables with the other instances of its stack.
 *
 * @param self id of this instance; one of the members
 * @param members all who share, this instance included, 2–{@value #MAX_MEMBERS}; ordered by id
 * @param certificate PEM: the instance's chain for the stack, leaf first, and its private key
 * @param anchors PEM of the authority of the stack
 */
public record StackLink(UUID self, List<Member> members, String certificate, String anchors) {

    /** Each member costs a lookup for each request that is limited, at every other. */
    public static final int MAX_MEMBERS = 16;

    /**
     * @param address literal
     * @param port TCP port of the tables
     */
    public record Member(UUID id, String address, int port) {
        Token.Endpoint endpoint() {
            return new Token.Endpoint(Ip.parse(address), port);
        }
    }

    public StackLink {
        members = List.copyOf(members);
        var me = self;
        if (members.size() < 2
                || members.size() > MAX_MEMBERS
                || members.stream().noneMatch(member -> member.id().equals(me))) {
            throw new IllegalArgumentException("a stack of 2–16 members, this one among them, shares tables");
        }
    }

    public Member own() {
        return members.stream()
                .filter(member -> member.id().equals(self))
                .findFirst()
                .orElseThrow();
    }

    public List<Member> others() {
        return members.stream().filter(member -> !member.id().equals(self)).toList();
    }

    /** Tells links apart without telling the key: where it listens, and a digest of everything. */
    String mark() {
        return own().endpoint().text() + " " + ProtocolJson.sha256(this);
    }

    boolean listensWhere(@Nullable String mark) {
        return mark != null && mark.startsWith(own().endpoint().text() + " ");
    }

    @Override
    public String toString() {
        return "StackLink[self=" + self + ", members=" + members + "]";
    }
}
