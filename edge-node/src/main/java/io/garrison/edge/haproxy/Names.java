package io.garrison.edge.haproxy;

import io.garrison.protocol.ProtocolJson;

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

    private static String hash(String text) {
        return ProtocolJson.sha256Hex(text).substring(0, 12);
    }
}
