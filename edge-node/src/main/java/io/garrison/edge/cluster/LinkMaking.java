package io.garrison.edge.cluster;

import io.garrison.edge.cluster.discovery.Discoveries;
import io.garrison.edge.cluster.discovery.DiscoveryProvider;
import io.garrison.edge.cluster.link.Link;
import io.garrison.edge.join.Identity;
import io.garrison.edge.state.ClusterSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Makes the link and the finder as the settings say. */
record LinkMaking(
        ClusterSettings settings,
        Supplier<Identity> identity,
        Membership membership,
        Link.Listener listener,
        IntSupplier port,
        Clock clock)
        implements LinkKeeper.Making {

    private static final int LONGEST_DIAL_MS = 2_000;

    @Override
    public LinkKeeper.Session make() throws IOException {
        var me = identity.get();
        int port = this.port.getAsInt();
        // Each time anew: at the machine's start there may be neither names nor routes.
        var own = OwnAddress.of(settings.address(), me.gateway());
        var discovery = settings.discovery();
        var service = discovery.serviceName() == null ? me.stackId().toString() : discovery.serviceName();
        var reached = new InetSocketAddress(own.reached(), port);
        var link = new Link(
                new Link.Settings(
                        "garrison/" + me.stackId() + "/" + service,
                        me.instanceId(),
                        own.bind(),
                        own.reached(),
                        port,
                        discovery.allowed(),
                        settings.election().heartbeatIntervalMs(),
                        settings.election().timeoutMaxMs(),
                        (int) Math.min(discovery.dialTimeout().toMillis(), LONGEST_DIAL_MS)),
                identity,
                membership::isDeclared,
                listener);
        var provider = discovery.enabled()
                ? Discoveries.open(discovery, new DiscoveryProvider.Self(me.instanceId(), service, reached))
                : null;
        var sources = new PeerFinder.Sources(provider, settings.seeds(), membership::members);
        return new LinkKeeper.Session(own, port, link, new PeerFinder(sources, discovery.allowed(), reached, clock));
    }

    @Override
    public boolean holds(LinkKeeper.Session session) {
        if (port.getAsInt() != session.port()) {
            return false;
        }
        try {
            return session.own().holds(settings.address());
        } catch (IOException e) {
            // Without a name server or a device that answers, the link that stands is the best there is.
            return true;
        }
    }
}
