package io.garrison.instances;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The edge gateway.
 *
 * @param port where it listens; 0 picks a free one
 * @param address where it listens
 * @param hostnames names and addresses that its certificate holds for; edges are told the first
 * @param allowLoopback whether policies may name loopback addresses; not in production, where they are the
 *     appliance's own
 */
@ConfigurationProperties("garrison.edge")
public record EdgeSettings(
        @DefaultValue("8444") int port,
        @DefaultValue("127.0.0.1") String address,
        @DefaultValue({"localhost", "127.0.0.1"}) List<String> hostnames,
        @DefaultValue("false") boolean allowLoopback) {

    public EdgeSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("garrison.edge.port must be 0–65535, is " + port);
        }
        if (hostnames.isEmpty()) {
            throw new IllegalArgumentException("garrison.edge.hostnames must name the gateway at least once");
        }
        hostnames = List.copyOf(hostnames);
    }
}
