package io.garrison.instances.ui;

import com.vaadin.flow.component.html.Anchor;
import io.garrison.instances.InstanceSummary;
import io.garrison.instances.InstanceThroughput;
import io.garrison.protocol.Report;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.Facts;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.Units;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of an instance, as a list of names and values. */
final class InstanceFacts {

    /** Of what an instance tells of itself when it joins. */
    private static final Set<String> TOLD_ELSEWHERE = Set.of("name", "agentVersion");

    private InstanceFacts() {}

    static Facts of(InstanceSummary instance, TenantScope scope) {
        var facts = new Facts()
                .with("Stack", new Anchor(scope.path("stacks/" + instance.stackId()), instance.stackName()))
                .with("Revision", InstanceStates.revision(instance))
                .with("Last heartbeat", new Ago(instance.lastSeen()))
                .with("Role", StateWords.of(instance.haRole()))
                .with(
                        "High availability",
                        new Anchor(scope.path("stacks/" + instance.stackId() + "?tab=ha"), "Settings and members"))
                .with("Agent", instance.agentVersion())
                .with("Data plane", instance.dataPlaneVersion())
                .with("Enrolled", new Ago(instance.enrolledAt()))
                .with("Certificate until", Ago.absolute(instance.certificateUntil()));
        if (instance.seatUntil() != null) {
            facts.with("Seat until", Ago.absolute(instance.seatUntil()));
        }
        var registersUntil = instance.registersUntil();
        if (registersUntil != null) {
            facts.with("Its last usage is taken until", Ago.absolute(registersUntil));
        }
        throughput(facts, instance.throughput());
        machine(facts, instance.machine());
        var spool = instance.spool();
        if (spool != null) {
            facts.with(
                    "Waiting to be sent",
                    spool.records() == 0
                            ? "nothing"
                            : "%s, %s, oldest %s"
                                    .formatted(
                                            Units.count(spool.records(), "record", "records"),
                                            Units.bytes(spool.bytes()),
                                            Units.duration(Duration.ofSeconds(spool.oldestSeconds()))));
            if (spool.dropped() > 0) {
                facts.with(
                        "Dropped",
                        new StateBadge(Signal.BAD, Units.count(spool.dropped(), "record", "records"))
                                .because("Its disk allowance was full; what was dropped is missing in statistics."));
            }
        }
        instance.facts().forEach((name, value) -> {
            if (!TOLD_ELSEWHERE.contains(name)) {
                facts.with(name.equals("os") ? "Operating system" : StateWords.of(name), value);
            }
        });
        return facts.code("Id", instance.id().toString());
    }

    private static void machine(Facts facts, Report.@Nullable MachineLoad machine) {
        if (machine == null) {
            return;
        }
        facts.with("Processors of the machine", Units.percent(machine.cpuPercent() / 100) + " busy")
                .with(
                        "Memory of the machine",
                        Units.bytes(machine.memoryUsedBytes()) + " of " + Units.bytes(machine.memoryBytes())
                                + " in use")
                .with(
                        "Network of the machine",
                        Units.bitsPerSecond(machine.receivedBps()) + " in, " + Units.bitsPerSecond(machine.sentBps())
                                + " out");
    }

    private static void throughput(Facts facts, @Nullable InstanceThroughput throughput) {
        if (throughput == null) {
            return;
        }
        facts.with("Throughput", ThroughputWords.rates(throughput));
        if (throughput.isUnlimitedAgainstItsShare()) {
            facts.with(
                    "Throughput limit",
                    new StateBadge(Signal.WARNING, ThroughputWords.limit(throughput))
                            .because(ThroughputWords.reason(throughput)));
        } else {
            facts.with("Throughput limit", ThroughputWords.limit(throughput));
        }
    }
}
