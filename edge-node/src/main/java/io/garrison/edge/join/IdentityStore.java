package io.garrison.edge.join;

import io.garrison.edge.state.DurableFiles;
import io.garrison.edge.state.StateDirectory;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

/** The identity in the state directory: one file, so that key, certificate and trust always belong together. */
public record IdentityStore(StateDirectory state) {

    public Optional<Identity> load() throws IOException {
        if (!Files.exists(state.identity())) {
            return Optional.empty();
        }
        try {
            return Optional.of(ProtocolJson.read(Files.readAllBytes(state.identity()), Identity.class));
        } catch (IllegalArgumentException e) {
            throw new IOException("the identity in " + state.identity() + " is damaged; join again with --force", e);
        }
    }

    public void save(Identity identity) throws IOException {
        DurableFiles.ownDirectory(state.root());
        DurableFiles.replace(state.identity(), ProtocolJson.write(identity));
    }
}
