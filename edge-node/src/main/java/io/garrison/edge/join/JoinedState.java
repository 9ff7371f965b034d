package io.garrison.edge.join;

import io.garrison.edge.state.DurableFiles;
import io.garrison.edge.state.EdgeConfig;
import io.garrison.edge.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A state directory that changes hands: what belonged to the former identity goes before the new one comes. */
record JoinedState(StateDirectory state) {

    /** The identity is written last: until then the directory is not joined. */
    void replaceWith(Identity identity, EdgeConfig config) throws IOException {
        DurableFiles.ownDirectory(state.root());
        Files.deleteIfExists(state.identity());
        for (var former : List.of(
                state.trust(), state.certificates(), state.meter(), state.spool(), state.dataPlane(), state.status())) {
            deleteTree(former);
        }
        DurableFiles.replace(state.settings(), config.toFile());
        new IdentityStore(state).save(identity);
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
