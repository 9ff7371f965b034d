package io.garrison.edge.join;

import io.garrison.edge.ha.bypass.NftBypass;
import io.garrison.edge.ha.keepalived.HaFiles;
import io.garrison.edge.ha.keepalived.RunningKeepalived;
import io.garrison.edge.ha.kernel.OpenConnections;
import io.garrison.edge.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an instance that has changed hands still shares with its former peers. */
record FormerAddresses(StateDirectory state) {

    private static final Logger log = LoggerFactory.getLogger(FormerAddresses.class);

    /** Leaves the addresses to the former peers; nobody may hold them twice. */
    void leave() throws IOException, InterruptedException {
        var keepalived = new RunningKeepalived(new HaFiles(state.sharedAddresses()), () -> {});
        boolean unused = keepalived.adopt();
        keepalived.stop();
    }

    /** The next instance has a table of its own; this one would send clients past it for ever. */
    void endBypass(UUID former) {
        var files = new HaFiles(state.sharedAddresses());
        if (Files.exists(files.connections())) {
            endConnections(former, files);
        }
        if (!Files.exists(files.latches())) {
            return;
        }
        try {
            new NftBypass(former, false, files.forwarding()).release();
        } catch (IOException e) {
            log.warn("A bypass of the former instance may stand in the kernel: {}", e.getMessage());
        }
    }

    private static void endConnections(UUID former, HaFiles files) {
        try {
            new OpenConnections(former, files.arp()).end();
        } catch (IOException e) {
            log.warn("What the kernel does for connections of the former instance may stand: {}", e.getMessage());
        }
    }
}
