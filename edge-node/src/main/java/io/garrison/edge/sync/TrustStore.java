package io.garrison.edge.sync;

import io.garrison.edge.state.DoubleBuffer;
import io.garrison.edge.state.DurableFiles;
import io.garrison.edge.state.StateDirectory;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.SignedBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What this instance has accepted and applied, on its disk. The mark that bars older revisions is kept twice with
 * checksums; the bundles are kept as they were signed, and verified again when they are read.
 */
final class TrustStore implements AutoCloseable {

    static final String DESIRED = "desired.json";

    private final Path directory;
    private final DoubleBuffer marks;
    private volatile Mark mark;

    /**
     * @param held whether the instance was set back by hand and waits for a newer revision
     * @param drained whether it was drained by hand
     */
    private record Mark(BundleTrust.@Nullable Accepted accepted, boolean held, boolean drained) {}

    /** @throws IOException if the mark can't be read: without it, an old revision could not be told from a new one */
    TrustStore(StateDirectory state) throws IOException {
        directory = state.trust();
        DurableFiles.ownDirectory(directory);
        marks = new DoubleBuffer(directory, "mark");
        if (marks.finding() == DoubleBuffer.Finding.LOST) {
            throw new IOException("both copies of " + directory.resolve("mark")
                    + " are damaged; join again with --force, so that no old revision is taken for a new one");
        }
        mark = marks.value().map(bytes -> ProtocolJson.read(bytes, Mark.class)).orElse(new Mark(null, false, false));
    }

    BundleTrust.@Nullable Accepted accepted() {
        return mark.accepted();
    }

    /** Keeps the bundle first: the mark never names one that is not there. */
    void accept(SignedBundle bundle, BundleTrust.Accepted accepted) throws IOException {
        DurableFiles.replace(desiredFile(), ProtocolJson.write(bundle));
        save(new Mark(accepted, false, mark.drained()));
    }

    boolean held() {
        return mark.held();
    }

    void hold(boolean held) throws IOException {
        save(new Mark(mark.accepted(), held, mark.drained()));
    }

    boolean drained() {
        return mark.drained();
    }

    void drain(boolean drained) throws IOException {
        save(new Mark(mark.accepted(), mark.held(), drained));
    }

    Optional<SignedBundle> desired() throws IOException {
        return read(desiredFile());
    }

    /** What served before the revision that serves now. */
    Optional<SignedBundle> previous() throws IOException {
        return read(directory.resolve("previous.json"));
    }

    Optional<SignedBundle> applied() throws IOException {
        return read(directory.resolve("applied.json"));
    }

    /** Remembers what serves now; what served before is kept if it was another one. */
    void applied(SignedBundle bundle) throws IOException {
        var file = directory.resolve("applied.json");
        var former = read(file);
        if (former.isPresent() && !former.get().equals(bundle)) {
            Files.move(
                    file,
                    directory.resolve("previous.json"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
        DurableFiles.replace(file, ProtocolJson.write(bundle));
    }

    @Override
    public void close() throws IOException {
        marks.close();
    }

    private Path desiredFile() {
        return directory.resolve(DESIRED);
    }

    private void save(Mark next) throws IOException {
        marks.save(ProtocolJson.write(next));
        mark = next;
    }

    private static Optional<SignedBundle> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ProtocolJson.read(Files.readAllBytes(file), SignedBundle.class));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
