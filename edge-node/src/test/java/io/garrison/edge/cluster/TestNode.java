package io.garrison.edge.cluster;

import io.garrison.edge.events.EventJournal;
import io.garrison.edge.join.Identity;
import io.garrison.edge.plan.PlanKeeper;
import io.garrison.edge.state.ClusterSettings;
import io.garrison.protocol.Availability.Event;
import io.garrison.protocol.Availability.MemberState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;

/** One member within the test's own process. */
public final class TestNode implements AutoCloseable {

    final UUID id;
    final PlanKeeper plans;
    final EventJournal events = new EventJournal(Clock.systemUTC(), () -> {});
    final ScriptedDesired desired = new ScriptedDesired();
    final ClusterNode node;
    volatile Identity identity;

    public TestNode(Path directory, Identity identity, PlanKeeper plans, Map<String, String> settings)
            throws IOException {
        this.id = identity.instanceId();
        this.identity = identity;
        this.plans = plans;
        var said = new HashMap<>(Map.of(
                "cluster.enabled", "true",
                "cluster.address", "127.0.0.1",
                "health.check-interval-secs", "1",
                "sync.rules-interval-secs", "1",
                "sync.config-interval-secs", "1"));
        said.putAll(settings);
        Files.createDirectories(directory);
        node = new ClusterNode(new ClusterNode.Parts(
                ClusterSettings.of(said),
                () -> this.identity,
                plans,
                events,
                desired,
                directory.resolve("ballot.json"),
                Clock.systemUTC(),
                new Random()));
    }

    public TestNode start() {
        node.start();
        return this;
    }

    public ScriptedDesired desired() {
        return desired;
    }

    UUID main() {
        return node.state().main();
    }

    /** Peers by status. */
    Map<UUID, String> statuses() {
        return node.state().members().stream().collect(Collectors.toMap(MemberState::nodeId, MemberState::status));
    }

    boolean isHealthy(UUID peer) {
        return "healthy".equals(statuses().get(peer));
    }

    List<String> eventCodes() {
        return events.waiting().stream().map(Event::code).toList();
    }

    @Override
    public void close() {
        node.close();
    }
}
