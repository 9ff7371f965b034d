package io.garrison.edge.doctor;

import io.garrison.edge.plan.PlanKeeper;
import io.garrison.edge.state.ClusterSettings;
import io.garrison.edge.state.EdgeConfig;
import io.garrison.protocol.InstancePlan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at every layer of an instance and changes nothing. */
public final class Doctor {

    private Doctor() {}

    /** Takes some seconds for each thing that does not answer. */
    public static Diagnosis examine(Subject subject) throws InterruptedException {
        var findings = new ArrayList<Finding>();
        var files = new FileProbes(subject);
        findings.addAll(files.look());
        var config = files.config().orElse(EdgeConfig.DEFAULT);
        var identities = new IdentityProbes(subject);
        findings.addAll(identities.look());
        var identity = identities.identity().orElse(null);
        if (identity == null) {
            findings.add(Finding.skipped(Layer.GATEWAY, "gateway.name", "who has not joined knows no gateway"));
        } else {
            findings.addAll(new GatewayProbes(identity, subject.clock()).look());
        }
        var plan = identity == null
                ? null
                : new PlanKeeper(subject.state().plan(), () -> identity).plan().orElse(null);
        findings.addAll(new ProgramProbes(subject, config, plan).look());
        findings.addAll(new AddressProbes(config, plan).look());
        var peers = new PeerProbes(subject, config.cluster(), plan);
        findings.addAll(peers.look());
        findings.addAll(discovery(subject, config.cluster(), plan, peers));
        findings.add(new MembershipProbe(subject.clusterStatus()).look());
        findings.add(
                subject.agentRuns()
                        ? Finding.good(Layer.AGENT, "agent.running", "it answers")
                        : Finding.bad(
                                Layer.AGENT,
                                "agent.running",
                                "no agent runs with this state directory",
                                "Start it: systemctl start garrison-edge; its words are in journalctl -u garrison-edge."));
        return new Diagnosis(findings);
    }

    private static List<Finding> discovery(
            Subject subject, ClusterSettings cluster, @Nullable InstancePlan plan, PeerProbes peers)
            throws InterruptedException {
        if (!cluster.enabled() || !cluster.discovery().enabled()) {
            return List.of(Finding.skipped(Layer.DISCOVERY, "discovery", "it is switched off"));
        }
        var settings = cluster.discovery();
        var findings = new ArrayList<>(new DiscoveryProbes(settings, peers, subject.agentRuns()).look());
        var type = settings.type();
        // What is bad already, the look would only say again.
        if (plan != null
                && type != null
                && LookProbe.fits(type)
                && findings.stream().noneMatch(Finding::isBad)) {
            findings.add(new LookProbe(settings, peers, plan).look());
        }
        return findings;
    }
}
