package io.garrison.edge.agent;

import io.garrison.edge.ha.HighAvailability;
import io.garrison.edge.haproxy.AppliedState;
import io.garrison.edge.haproxy.ApplyOutcome;
import io.garrison.edge.haproxy.DataPlane;
import io.garrison.edge.haproxy.DataPlaneState;
import io.garrison.edge.haproxy.ListenAddresses;
import io.garrison.edge.haproxy.WorkerCounters;
import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.PolicyBundle;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A data plane that lets a peer have the shared addresses before it turns clients away. */
final class YieldingDataPlane implements DataPlane {

    private static final Logger log = LoggerFactory.getLogger(YieldingDataPlane.class);

    private final DataPlane real;
    private volatile @Nullable HighAvailability shared;

    YieldingDataPlane(DataPlane real) {
        this.real = real;
    }

    /** What a disk refuses here is only said: clients are served without it. */
    void yieldTo(HighAvailability availability) {
        shared = availability;
        if (real.state().draining()) {
            try {
                availability.drained();
            } catch (IOException e) {
                log.warn("Peers are not told that this instance drains: {}", e.toString());
            }
        }
    }

    @Override
    public void drain(boolean on) throws IOException, InterruptedException {
        var addresses = shared;
        if (on && addresses != null) {
            addresses.beforeDrain();
        }
        real.drain(on);
        if (!on && addresses != null) {
            addresses.afterDrain();
        }
    }

    @Override
    public ApplyOutcome apply(
            PolicyBundle bundle, Map<String, CertificateMaterial> certificates, ListenAddresses addresses)
            throws IOException, InterruptedException {
        return real.apply(bundle, certificates, addresses);
    }

    @Override
    public void ensureRunning() throws IOException, InterruptedException {
        real.ensureRunning();
    }

    @Override
    public List<WorkerCounters> counters() throws IOException {
        return real.counters();
    }

    @Override
    public AppliedState applied() {
        return real.applied();
    }

    @Override
    public DataPlaneState state() {
        return real.state();
    }

    @Override
    public void stop() throws IOException, InterruptedException {
        real.stop();
    }

    @Override
    public void close() {
        real.close();
    }
}
