package io.garrison.edge.join;

import io.garrison.edge.state.DurableFiles;
import io.garrison.edge.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Usage that the management for which it was counted does not have. It is money, so it outlives the instance. */
record Undelivered(StateDirectory state) {

    /**
     * Sets it aside, where no agent deletes it.
     *
     * @param former whose it is, if that is known; if it is not, nothing could be delivered
     * @param reason why it was not delivered; null if it was
     * @return the reason and the place, for people; null if there is nothing to keep
     */
    @Nullable
    String keep(Optional<UUID> former, @Nullable String reason) throws IOException {
        if (former.isPresent() && reason == null) {
            return null;
        }
        if (!Files.exists(state.spool()) && !Files.exists(state.meter())) {
            return reason;
        }
        var place = place(former.map(UUID::toString).orElse("unknown"));
        DurableFiles.ownDirectory(place);
        for (var part : new Path[] {state.spool(), state.meter()}) {
            if (Files.exists(part)) {
                Files.move(part, place.resolve(part.getFileName()));
            }
        }
        DurableFiles.forceDirectory(place);
        DurableFiles.forceDirectory(state.root());
        var why = reason == null ? "the former identity cannot be read" : reason;
        return why + ". It is kept in " + place;
    }

    private Path place(String name) {
        var place = state.root().resolve("undelivered-" + name);
        for (int i = 2; Files.exists(place); i++) {
            place = state.root().resolve("undelivered-" + name + "-" + i);
        }
        return place;
    }
}
