package io.garrison.protocol;

import java.util.List;

/**
 * Who may connect, by client address. A client in {@code deny} is refused. If {@code allow} is not empty, a client
 * outside it is refused as well.
 *
 * @param deny CIDR blocks or single addresses, at most 10,000
 * @param allow CIDR blocks or single addresses, at most 10,000
 */
public record AccessList(List<String> deny, List<String> allow) {

    public static final AccessList OPEN = new AccessList(List.of(), List.of());

    public AccessList {
        deny = Absent.orEmpty(deny);
        allow = Absent.orEmpty(allow);
    }
}
