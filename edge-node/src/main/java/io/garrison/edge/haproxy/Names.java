package io.garrison.edge.haproxy;

import io.garrison.protocol.ProtocolJson;
import java.util.UUID;

/**
 * Generated names. They come from a hash of what they stand for, not from a count: a member that is inserted above
 * another does not change the other's cookie, and a counter of an old worker belongs to the same service in every
 * revision.
 */
final class Names {

    private Names() {}

    static Token.Identifier frontend(String service) {
        return new Token.Identifier("fe_" + hash(service));
    }

    static Token.Identifier backend(String service, String pool) {
        return new Token.Identifier("be_" + hash(service) + "_" + hash(pool));
    }

    static Token.Identifier server(Token.Endpoint endpoint) {
        return new Token.Identifier("srv_" + hash(endpoint.text()));
    }

    /** How one instance of the stack is called in the configuration of all. */
    static Token.Identifier peer(UUID member) {
        return new Token.Identifier("peer_" + hash(member.toString()));
    }

    /** The table of a member's signs of life. */
    static Token.Identifier beats(UUID member) {
        return new Token.Identifier("beats_" + hash(member.toString()));
    }

    /** The table of the blocks that a member made known. */
    static Token.Identifier blocks(UUID member) {
        return new Token.Identifier("blocks_" + hash(member.toString()));
    }

    /** The table in which one member counts the clients of a service. */
    static Token.Identifier rates(boolean minute, String service, UUID member) {
        return new Token.Identifier((minute ? "rm_" : "rs_") + hash(service) + "_" + hash(member.toString()));
    }

    /** The table in which an instance without peers counts the clients of a service by the minute. */
    static Token.Identifier minutes(String service) {
        return new Token.Identifier("rm_" + hash(service));
    }

    private static String hash(String text) {
        return ProtocolJson.sha256Hex(text).substring(0, 12);
    }
}
