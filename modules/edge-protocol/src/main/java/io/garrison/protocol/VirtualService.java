package io.garrison.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An address and port that clients connect to, and what becomes of their connections.
 *
 * @param name 1–63 characters, letters, digits, {@code . _ -}; unique within the policy
 * @param address IPv4 or IPv6 literal
 * @param port 1–65535
 * @param certificate name of a certificate of the stack; its presence makes the service speak TLS
 * @param pool name of the pool that takes what no route takes
 * @param maxConnections concurrent connections, 1–1,000,000; default 10,000
 * @param routes tried in order, first match wins; HTTP only
 */
public record VirtualService(
        String name,
        String address,
        int port,
        ServiceProtocol protocol,
        Boolean enabled,
        @Nullable String certificate,
        String pool,
        AccessList accessList,
        @Nullable RateLimit rateLimit,
        Integer maxConnections,
        List<Route> routes,
        @Nullable Persistence persistence,
        Protection protection) {

    public static final int DEFAULT_MAX_CONNECTIONS = 10_000;

    public VirtualService {
        protocol = Absent.or(protocol, ServiceProtocol.HTTP);
        enabled = Absent.or(enabled, true);
        accessList = Absent.or(accessList, AccessList.OPEN);
        maxConnections = Absent.or(maxConnections, DEFAULT_MAX_CONNECTIONS);
        routes = Absent.orEmpty(routes);
        protection = Absent.or(protection, Protection.NONE);
    }

    public enum ServiceProtocol {
        HTTP,
        TCP
    }
}
