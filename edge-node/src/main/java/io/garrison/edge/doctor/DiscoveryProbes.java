package io.garrison.edge.doctor;

import io.garrison.edge.cluster.discovery.Discoveries;
import io.garrison.edge.state.DiscoverySettings;
import io.garrison.edge.state.DiscoveryType;
import io.garrison.protocol.InstancePlan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of discovery that is chosen: what it rests on, one look as the agent takes it, and what the agent that runs says
 * of its own. Ids are those of the troubles that users know.
 */
final class DiscoveryProbes {

    private final DiscoverySettings settings;
    private final PeerProbes peers;
    private final @Nullable InstancePlan plan;
    private final @Nullable Running running;

    DiscoveryProbes(
            DiscoverySettings settings, PeerProbes peers, @Nullable InstancePlan plan, @Nullable Running running) {
        this.settings = settings;
        this.peers = peers;
        this.plan = plan;
        this.running = running;
    }

    List<Finding> look() throws InterruptedException {
        var type = settings.type();
        if (type == null) {
            return List.of();
        }
        var findings = new ArrayList<Finding>(basis(type));
        // What is bad already, a look would only say again.
        if (findings.stream().anyMatch(Finding::isBad)) {
            return findings;
        }
        if (plan != null && looksItself(type)) {
            findings.add(new LookProbe(settings, peers, plan, self -> Discoveries.open(settings, self)).look());
        }
        if (running != null && findings.stream().noneMatch(Finding::isBad)) {
            findings.add(new AgentLookProbe(type, plan, running).look());
        }
        return findings;
    }

    private List<Finding> basis(DiscoveryType type) throws InterruptedException {
        return switch (type) {
            case DNS -> new DnsProbe(settings, peers).look();
            case ETCD -> new EtcdProbe(settings, plan, running).look();
            case UDP -> new BeaconProbes(settings, running != null).look();
            case CONSUL -> new ConsulProbe(settings, plan == null ? null : LookProbe.service(settings, plan)).look();
            case KUBERNETES -> List.of(KubernetesProbe.look(System.getenv(), KubernetesProbe.SERVICE_ACCOUNT));
            case MDNS -> List.of(MulticastProbe.look());
        };
    }

    /** Whoever listens for beacons or for multicast would disturb an agent that runs; that one has looked itself. */
    private boolean looksItself(DiscoveryType type) {
        return switch (type) {
            case ETCD, CONSUL, KUBERNETES -> true;
            case UDP, MDNS -> running == null;
            // The names are looked up one by one already.
            case DNS -> false;
        };
    }
}
