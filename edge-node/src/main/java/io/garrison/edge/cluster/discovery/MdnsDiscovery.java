package io.garrison.edge.cluster.discovery;

import io.garrison.edge.cluster.discovery.DiscoveryException.Problem;
import io.garrison.edge.state.DiscoverySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.jmdns.JmDNS;
import javax.jmdns.ServiceEvent;
import javax.jmdns.ServiceInfo;
import javax.jmdns.ServiceListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service on the local network by multicast DNS (RFC 6762, RFC 6763). Instances of one stack carry the same text
 * {@code service=…}, as all stacks of a network share the type.
 */
final class MdnsDiscovery implements DiscoveryProvider {

    private static final String NAME = "service";
    private static final long LOOK_MS = 100;
    private static final String SKIPPED = "mdns-address-skipped";
    private static final int MOST_SKIPPED = 256;
    private static final Logger log = LoggerFactory.getLogger(MdnsDiscovery.class);

    private final DiscoverySettings settings;
    private final Self self;
    private final Map<String, Set<InetSocketAddress>> heard = new ConcurrentHashMap<>();
    private final Set<String> skipped = ConcurrentHashMap.newKeySet();
    private @Nullable JmDNS mdns;
    private boolean registered;
    private boolean waited;

    MdnsDiscovery(DiscoverySettings settings, Self self) {
        this.settings = settings;
        this.self = self;
    }

    @Override
    public void announce() throws DiscoveryException {
        var opened = open();
        if (registered) {
            return;
        }
        try {
            opened.registerService(ServiceInfo.create(
                    type(),
                    self.instanceId().toString(),
                    self.address().getPort(),
                    0,
                    0,
                    Map.of(NAME, self.serviceName())));
            registered = true;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** The first time it waits for answers, at most for the dial timeout; later ones come by themselves. */
    @Override
    public Set<InetSocketAddress> discover() throws DiscoveryException, InterruptedException {
        var unused = open();
        long end = System.nanoTime() + settings.dialTimeout().toNanos();
        while (!waited && heard.isEmpty() && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
        waited = true;
        var found = new LinkedHashSet<InetSocketAddress>();
        heard.values().forEach(found::addAll);
        return found;
    }

    @Override
    public void close() {
        var opened = mdns;
        if (opened != null) {
            try {
                opened.close();
            } catch (IOException e) {
                // its records end by themselves
            }
        }
    }

    /** Listens from here on. */
    private JmDNS open() throws DiscoveryException {
        var opened = mdns;
        if (opened == null) {
            try {
                opened = JmDNS.create(self.address().getAddress(), "garrison-" + self.instanceId());
            } catch (IOException e) {
                throw failed(e);
            }
            mdns = opened;
            opened.addServiceListener(type(), new Heard());
        }
        return opened;
    }

    private DiscoveryException failed(IOException e) {
        return new DiscoveryException(
                Problem.MDNS_FAILED,
                "multicast DNS can't be spoken from "
                        + self.address().getAddress().getHostAddress() + ": " + e.getMessage(),
                e);
    }

    /** Once for each, as they come with every answer. */
    private void tellSkipped(String name, InetAddress address, String why) {
        if (skipped.size() < MOST_SKIPPED && skipped.add(name + address.getHostAddress())) {
            log.info("[{}] {} of {} is passed over: it is {}", SKIPPED, address.getHostAddress(), name, why);
        }
    }

    private String type() {
        return settings.mdnsService() + ".local.";
    }

    private final class Heard implements ServiceListener {
        @Override
        public void serviceAdded(ServiceEvent event) {
            event.getDNS().requestServiceInfo(event.getType(), event.getName(), 1);
        }

        @Override
        public void serviceRemoved(ServiceEvent event) {
            heard.remove(event.getName());
        }

        @Override
        public void serviceResolved(ServiceEvent event) {
            var service = event.getInfo();
            if (event.getName().equals(self.instanceId().toString())
                    || !self.serviceName().equals(service.getPropertyString(NAME))
                    || service.getPort() < 1) {
                return;
            }
            var addresses = new LinkedHashSet<InetSocketAddress>();
            var networks = OwnNetworks.ofThisMachine();
            for (var address : service.getInetAddresses()) {
                var problem = networks.whyNoHost(address);
                if (problem.isEmpty()) {
                    addresses.add(new InetSocketAddress(address, service.getPort()));
                } else {
                    tellSkipped(event.getName(), address, problem.get());
                }
            }
            if (!addresses.isEmpty()) {
                heard.put(event.getName(), addresses);
            }
        }
    }
}
