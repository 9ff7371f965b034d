package io.garrison.instances.balancer;

import io.garrison.instances.BalancerFlavour;
import io.garrison.instances.InstanceException;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a balancer in front of a stack has to do. Every value that reaches a file is checked here, whoever checked it
 * before.
 *
 * @param revision of the policy that it is made from
 * @param healthPort where each instance answers {@code /health} and {@code /ready}, 1–65535
 * @param fronts one for each virtual service; an instance has the same name in all of them, and no other has it
 */
public record BalancerPlan(long revision, int healthPort, List<Front> fronts) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,63}");

    public BalancerPlan {
        fronts = List.copyOf(fronts);
        requirePort(healthPort);
    }

    /** Every instance once, at the first of its addresses: two servers of one name are refused by HAProxy. */
    List<Server> healthServers() {
        var byName = new LinkedHashMap<String, Server>();
        fronts.stream()
                .flatMap(front -> front.servers().stream())
                .forEach(server ->
                        byName.putIfAbsent(server.name(), new Server(server.name(), server.address(), healthPort)));
        return List.copyOf(byName.values());
    }

    public String write(BalancerFlavour flavour) {
        return switch (flavour) {
            case HAPROXY -> HaproxyFile.of(this);
            case NGINX -> NginxFile.of(this);
        };
    }

    /**
     * @param port that clients connect to, at the balancer as at the instances
     * @param http whether the balancer reads the requests; else it passes bytes on, as with TLS that ends at the instances
     */
    public record Front(String name, int port, boolean http, List<Server> servers) {
        public Front {
            requireName(name);
            requirePort(port);
            servers = List.copyOf(servers);
        }
    }

    public record Server(String name, String address, int port) {
        public Server {
            requireName(name);
            requirePort(port);
            address = literal(address);
        }

        /** As both programs write it. */
        String endpoint() {
            return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
        }
    }

    /** Whether clients can be sent there: what an instance reports is its own word only. */
    public static boolean isUsable(String address, int port) {
        return port >= 1 && port <= 65_535 && written(address).isPresent();
    }

    /**
     * The address at which clients find what listens on every address of a family.
     *
     * @param listening as an instance reported it for a service
     * @param own as it reported it for itself; null if it never did
     * @return {@code listening} if it is no such address, or if the own is of another family
     */
    public static String reachable(String listening, @Nullable String own) {
        if (own == null || written(own).isEmpty()) {
            return listening;
        }
        try {
            var every = InetAddress.ofLiteral(listening);
            boolean sameFamily = every.getClass() == InetAddress.ofLiteral(own).getClass();
            return every.isAnyLocalAddress() && sameFamily ? own : listening;
        } catch (IllegalArgumentException e) {
            return listening;
        }
    }

    Stream<Front> fronts(boolean http) {
        return fronts.stream().filter(front -> front.http() == http);
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InstanceException.Invalid(
                    "balancer.name", "/name", "must be 1 to 63 characters: letters, digits, '.', '_', '-'");
        }
    }

    private static void requirePort(int port) {
        if (port < 1 || port > 65_535) {
            throw new InstanceException.Invalid("balancer.port", "healthPort", "must be from 1 to 65535");
        }
    }

    private static String literal(String text) {
        return written(text)
                .orElseThrow(() -> new InstanceException.Invalid(
                        "balancer.address", "/address", "must be the address of an instance, not of every one"));
    }

    /** The address written anew from its bytes, so that nothing else of the text is left. */
    private static Optional<String> written(String text) {
        try {
            var address = InetAddress.ofLiteral(text);
            return address.isAnyLocalAddress() || text.contains("%")
                    ? Optional.empty()
                    : Optional.of(address.getHostAddress());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
