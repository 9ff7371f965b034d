package io.garrison.edge.cluster.discovery;

import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Collectors;

/** A process that looks for peers until it is ended, and writes what each look found. */
public final class LocalPeer {

    private LocalPeer() {}

    /** @param words type, service, own address, allowed space */
    public static void main(String[] words) throws Exception {
        var settings = Settings.of(
                words[0], "udp-broadcast-port", "9999", "allowed-address-space", words[3], "dial-timeout", "5s");
        var self = new DiscoveryProvider.Self(UUID.randomUUID(), words[1], Settings.at(words[2], 10_101));
        try (var provider = Discoveries.open(settings, self)) {
            while (true) {
                provider.announce();
                System.out.println(provider.discover().stream()
                        .map(String::valueOf)
                        .sorted(Comparator.naturalOrder())
                        .collect(Collectors.joining(" ")));
                Thread.sleep(100);
            }
        }
    }
}
