package io.garrison.edge.agent;

import io.garrison.edge.haproxy.DataPlane;
import io.garrison.edge.join.Identity;
import io.garrison.edge.license.LeaseKeeper;
import io.garrison.edge.state.DurableFiles;
import io.garrison.edge.sync.Reconciler;
import io.garrison.edge.telemetry.Spool;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@code status} shows, while the agent runs and, from a file, after it. */
record Statuses(
        Path file,
        Identity identity,
        Reconciler reconciler,
        SharedAddresses shared,
        DataPlane dataPlane,
        Spool spool,
        LeaseKeeper leases,
        Throughput throughput,
        Sharing sharing) {

    private static final Logger log = LoggerFactory.getLogger(Statuses.class);

    StatusDocument now() {
        return StatusDocument.of(
                identity,
                reconciler.status(),
                shared.told().haRole(),
                dataPlane.state(),
                spool.state(),
                leases.status(),
                throughput.shaper().state(),
                sharing.status());
    }

    void write() {
        try {
            DurableFiles.replaceLazily(file, ProtocolJson.write(now()));
        } catch (IOException e) {
            log.warn("The status file is not written: {}", e.toString());
        }
    }
}
