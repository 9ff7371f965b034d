package io.garrison.edge.testing;

import io.garrison.edge.haproxy.AppliedState;
import io.garrison.edge.haproxy.ApplyOutcome;
import io.garrison.edge.haproxy.DataPlane;
import io.garrison.edge.haproxy.DataPlaneState;
import io.garrison.edge.haproxy.ListenAddresses;
import io.garrison.edge.haproxy.StackLink;
import io.garrison.edge.haproxy.WorkerCounters;
import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A data plane of a test: takes what it is told, unless the test says otherwise. */
public final class FakeDataPlane implements DataPlane {

    public final List<Long> appliedRevisions = new CopyOnWriteArrayList<>();
    public final List<String> certificates = new CopyOnWriteArrayList<>();
    public final List<StackLink> links = new CopyOnWriteArrayList<>();
    public volatile AppliedState applied = AppliedState.NONE;
    public volatile String refuseWith = "";
    public volatile boolean failing;
    public volatile boolean running;
    public volatile boolean draining;
    public volatile List<WorkerCounters> counters = List.of();
    public volatile Runnable beforeServing = () -> {};
    private volatile List<Report.ServiceState> services = List.of();
    private volatile @Nullable TakeOver listener;

    @Override
    public void onTakeOver(TakeOver told) {
        listener = told;
    }

    @Override
    public boolean share(@Nullable StackLink link) {
        if (link == null || (!links.isEmpty() && links.getLast().equals(link))) {
            return false;
        }
        links.add(link);
        return true;
    }

    @Override
    public ApplyOutcome apply(PolicyBundle bundle, Map<String, CertificateMaterial> material, ListenAddresses addresses)
            throws IOException {
        if (failing) {
            throw new IOException("disk full");
        }
        if (!refuseWith.isEmpty()) {
            return new ApplyOutcome.Refused(bundle.revision(), refuseWith, "the test says so");
        }
        if (listener != null) {
            listener.begins(bundle.policy());
        }
        beforeServing.run();
        material.values().forEach(certificate -> certificates.add(certificate.pem()));
        var states = new ArrayList<Report.ServiceState>();
        bundle.policy()
                .virtualServices()
                .forEach(service -> states.add(new Report.ServiceState(
                        service.name(), addresses.of(service.address()), service.port(), "UP", 1, 1)));
        services = states;
        applied = new AppliedState(bundle.revision(), bundle.incarnation(), bundle.policySha256(), "f", false);
        running = true;
        appliedRevisions.add(bundle.revision());
        return new ApplyOutcome.Applied(bundle.revision());
    }

    public void changeByHand() {
        applied = new AppliedState(applied.revision(), applied.incarnation(), applied.policySha256(), "g", true);
    }

    @Override
    public void ensureRunning() {
        running = applied.revision() > 0;
    }

    @Override
    public List<WorkerCounters> counters() {
        return counters;
    }

    @Override
    public void drain(boolean on) {
        draining = on;
    }

    @Override
    public AppliedState applied() {
        return applied;
    }

    @Override
    public DataPlaneState state() {
        return new DataPlaneState(running, "0.0", draining, services);
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public void close() {}
}
