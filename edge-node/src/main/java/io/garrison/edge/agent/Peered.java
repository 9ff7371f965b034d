package io.garrison.edge.agent;

import io.garrison.edge.cluster.Cluster;
import io.garrison.edge.cluster.ClusterNode;
import io.garrison.edge.cluster.DesiredState;
import io.garrison.edge.events.EventJournal;
import io.garrison.edge.join.Identity;
import io.garrison.edge.plan.PlanKeeper;
import io.garrison.edge.state.ClusterSettings;
import io.garrison.edge.state.StateDirectory;
import io.garrison.edge.sync.GatewayClient;
import io.garrison.edge.sync.HandedOn;
import io.garrison.edge.sync.Heartbeat;
import io.garrison.edge.sync.Reconciler;
import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.SignedBundle;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent's connection to its cluster: what it gives and takes, and certificates from wherever they can be had. */
final class Peered implements DesiredState {

    private static final Logger log = LoggerFactory.getLogger(Peered.class);

    private final Parts parts;
    private final HandedOn handedOn;
    private final Instant since;
    private final Cluster cluster;
    private volatile @Nullable Reconciler reconciler;
    private volatile @Nullable Heartbeat heartbeat;

    /** @param reconcile the reconciler's thread */
    record Parts(
            StateDirectory state,
            ClusterSettings settings,
            Supplier<Identity> identity,
            GatewayClient gateway,
            ExecutorService reconcile,
            Clock clock) {}

    Peered(Parts parts, PlanKeeper plans, EventJournal events, RandomGenerator random) throws IOException {
        this.parts = parts;
        this.handedOn = new HandedOn(parts.state(), parts.identity());
        this.since = parts.clock().instant();
        this.cluster = parts.settings().enabled()
                ? new ClusterNode(new ClusterNode.Parts(
                        parts.settings(),
                        parts.identity(),
                        plans,
                        events,
                        this,
                        parts.state().ballot(),
                        parts.clock(),
                        random))
                : Cluster.none(parts.identity().get().instanceId());
    }

    Cluster cluster() {
        return cluster;
    }

    /** To be told before the cluster starts. */
    void knows(Reconciler applies, Heartbeat speaks) {
        reconciler = applies;
        heartbeat = speaks;
    }

    /** From management, or from a peer while management does not answer. */
    CertificateMaterial material(String name) throws IOException, InterruptedException {
        if (managementSilent()) {
            try {
                return cluster.certificate(name);
            } catch (IOException e) {
                log.debug("No certificate from a peer: {}", e.getMessage());
            }
        }
        return parts.gateway().certificate(name);
    }

    /** After two heartbeats without an answer, and not before it is time to ask peers anyway. */
    @Override
    public boolean managementSilent() {
        long patience = Math.max(
                2L * parts.identity().get().heartbeatSeconds(),
                parts.settings().sync().rulesIntervalSecs());
        var last = confirmedAt();
        return Duration.between(last == null ? since : last, parts.clock().instant())
                        .toSeconds()
                >= patience;
    }

    @Override
    public @Nullable Instant confirmedAt() {
        var speaks = heartbeat;
        return speaks == null ? null : speaks.lastContact();
    }

    @Override
    public Optional<SignedBundle> desired() {
        return handedOn.desired();
    }

    @Override
    public Optional<SignedBundle> plan() {
        return handedOn.plan();
    }

    @Override
    public Optional<CertificateMaterial> certificate(String name) {
        return handedOn.certificate(name);
    }

    @Override
    public String etag() {
        var applies = reconciler;
        return applies == null ? "" : applies.etag();
    }

    @Override
    public @Nullable UUID servingIncarnation() {
        var applies = reconciler;
        return applies == null
                ? null
                : applies.serving().map(PolicyBundle::incarnation).orElse(null);
    }

    @Override
    public long servingRevision() {
        var applies = reconciler;
        return applies == null ? 0 : applies.status().applied().revision();
    }

    @Override
    public boolean take(SignedBundle bundle) throws IOException, InterruptedException {
        var applies = reconciler;
        if (applies == null) {
            return false;
        }
        try {
            return parts.reconcile().submit(() -> applies.offer(bundle)).get();
        } catch (ExecutionException e) {
            throw new IOException("the revision could not be taken", e.getCause());
        }
    }
}
