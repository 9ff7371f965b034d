package io.garrison.edge.doctor;

import io.garrison.edge.join.Identity;
import io.garrison.edge.plan.PlanKeeper;
import io.garrison.edge.state.ClusterSettings;
import io.garrison.edge.state.EdgeConfig;
import io.garrison.protocol.InstancePlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at every layer of an instance and changes nothing. */
public final class Doctor {

    /** Of the layers that wait for others; there are three of them. */
    private static final Duration LAYER = Duration.ofSeconds(60);

    private Doctor() {}

    /** Takes some seconds for each thing that does not answer, and a few minutes at most. */
    public static Diagnosis examine(Subject subject) throws InterruptedException {
        var findings = new ArrayList<Finding>();
        var files = new FileProbes(subject);
        findings.addAll(files.look());
        var config = files.config().orElse(EdgeConfig.DEFAULT);
        var identities = new IdentityProbes(subject);
        findings.addAll(identities.look());
        var identity = identities.identity().orElse(null);
        findings.addAll(gateway(subject, identity));
        var plan = identity == null
                ? null
                : new PlanKeeper(subject.state().plan(), () -> identity).plan().orElse(null);
        findings.addAll(new ProgramProbes(subject, config, plan).look());
        findings.addAll(new AddressProbes(config, plan).look());
        var cluster = config.cluster();
        var peers = new PeerProbes(subject, cluster, plan);
        findings.addAll(Timed.within(LAYER, Layer.PEERS, peers::look));
        findings.addAll(Timed.within(LAYER, Layer.DISCOVERY, () -> discovery(subject, cluster, plan, peers)));
        findings.addAll(new MembershipProbe(subject.running(), cluster.discovery()).look());
        findings.addAll(agent(subject.running()));
        return new Diagnosis(findings);
    }

    private static List<Finding> gateway(Subject subject, @Nullable Identity identity) throws InterruptedException {
        return identity == null
                ? List.of(Finding.skipped(Layer.GATEWAY, "gateway.name", "who has not joined knows no gateway"))
                : Timed.within(LAYER, Layer.GATEWAY, new GatewayProbes(identity, subject.clock())::look);
    }

    private static List<Finding> discovery(
            Subject subject, ClusterSettings cluster, @Nullable InstancePlan plan, PeerProbes peers)
            throws InterruptedException {
        return cluster.enabled() && cluster.discovery().enabled()
                ? new DiscoveryProbes(cluster.discovery(), peers, plan, subject.running()).look()
                : List.of(Finding.skipped(Layer.DISCOVERY, "discovery", "it is switched off"));
    }

    private static List<Finding> agent(@Nullable Running running) {
        if (running == null) {
            return List.of(Finding.bad(
                    Layer.AGENT,
                    "agent.running",
                    "no agent runs with this state directory",
                    "Start it: systemctl start garrison-edge; its words are in journalctl -u garrison-edge."));
        }
        var findings = new ArrayList<Finding>();
        findings.add(Finding.good(Layer.AGENT, "agent.running", "it answers"));
        findings.addAll(new MemoryProbe(running).look());
        return findings;
    }
}
