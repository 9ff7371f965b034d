package io.garrison.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a client on one pool member.
 *
 * @param name name of the cookie; required for {@link Type#COOKIE}, absent otherwise
 */
public record Persistence(Type type, @Nullable String name) {

    public enum Type {
        /** An inserted cookie; HTTP only. */
        COOKIE,
        /** The client's address. */
        SOURCE
    }
}
