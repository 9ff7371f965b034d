package io.garrison.edge.join;

import io.garrison.edge.license.LeaseKeeper;
import io.garrison.edge.shaping.KernelLimiter;
import io.garrison.edge.state.DurableFiles;
import io.garrison.edge.state.EdgeConfig;
import io.garrison.edge.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A state directory that changes hands: what belonged to the former identity goes before the new one comes. */
record JoinedState(StateDirectory state) {

    private static final Logger log = LoggerFactory.getLogger(JoinedState.class);

    /** The identity is written last: until then the directory is not joined. */
    void replaceWith(Identity identity, EdgeConfig config, @Nullable String lease, Clock clock) throws IOException {
        DurableFiles.ownDirectory(state.root());
        freeFormer();
        Files.deleteIfExists(state.identity());
        for (var former : List.of(
                state.trust(),
                state.license(),
                state.certificates(),
                state.meter(),
                state.spool(),
                state.dataPlane(),
                state.throughputShare(),
                state.plan(),
                state.ballot(),
                state.status())) {
            deleteTree(former);
        }
        DurableFiles.replace(state.settings(), config.toFile());
        if (lease != null) {
            keep(lease, identity, clock);
        }
        new IdentityStore(state).save(identity);
    }

    /** The kernel would hold the new instance's traffic to the former one's share. What fails here must not keep it out. */
    private void freeFormer() {
        if (!Files.exists(state.throughputShare())) {
            return;
        }
        try {
            var former = new IdentityStore(state).load();
            if (former.isPresent()) {
                new KernelLimiter(former.get().instanceId()).remove();
            }
        } catch (IOException e) {
            log.warn("A limit of the former instance may stand in the kernel: {}", e.getMessage());
        }
    }

    /** One that does not hold is left out; management gives another with the first heartbeat. */
    private void keep(String lease, Identity identity, Clock clock) throws IOException {
        try (var keeper = new LeaseKeeper(state, () -> identity, clock)) {
            if (keeper.offer(lease) instanceof LeaseKeeper.Offered.Refused refused) {
                log.warn("The lease that came with the identity was refused: {}", refused.reason());
            }
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (var paths = Files.walk(root)) {
            for (var path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }
}
