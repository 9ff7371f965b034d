package io.garrison.edge.haproxy;

import io.garrison.edge.state.DurableFiles;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The files of the data plane. Each configuration is kept under the name of its content; {@code haproxy.cfg}, which
 * HAProxy reads, is a copy of one of them; {@code state.json} says which one is in force. All are replaced whole, so a
 * crash anywhere leaves either the former or the new revision in force, never a part of one.
 */
final class InstalledConfig {

    private final Layout layout;
    private volatile Stored stored;

    private InstalledConfig(Layout layout, Stored stored) {
        this.layout = layout;
        this.stored = stored;
    }

    static InstalledConfig open(Layout layout) throws IOException {
        return new InstalledConfig(
                layout,
                Files.exists(layout.state())
                        ? ProtocolJson.read(Files.readAllBytes(layout.state()), Stored.class)
                        : Stored.NONE);
    }

    Stored stored() {
        return stored;
    }

    /** Writes what a revision needs beside what is in force. */
    Path prepare(byte[] file, Map<Path, byte[]> references) throws IOException {
        for (var reference : references.entrySet()) {
            DurableFiles.replace(reference.getKey(), reference.getValue());
        }
        var kept = kept(ProtocolJson.sha256Hex(file));
        DurableFiles.replace(kept, file);
        return kept;
    }

    void activate(byte[] file) throws IOException {
        DurableFiles.replace(layout.config(), file);
    }

    /** The moment from which a revision is in force. */
    void commit(Stored next) throws IOException {
        DurableFiles.replace(layout.state(), ProtocolJson.write(next));
        var former = stored;
        stored = next;
        sweep(former);
    }

    /**
     * Puts the configuration in force back.
     *
     * @return false if there is none; then there is no file for HAProxy either
     */
    boolean restore() throws IOException {
        var sha256 = stored.fileSha256();
        if (sha256 == null) {
            Files.deleteIfExists(layout.config());
            return false;
        }
        DurableFiles.replace(layout.config(), Files.readAllBytes(kept(sha256)));
        return true;
    }

    /**
     * Undoes an installation that a crash interrupted. A file that somebody else wrote is left for people to see.
     *
     * @return whether HAProxy may have loaded what was undone
     */
    boolean repair() throws IOException {
        if (!Files.exists(layout.config())) {
            return stored.fileSha256() != null && restore();
        }
        var found = ProtocolJson.sha256Hex(Files.readAllBytes(layout.config()));
        if (found.equals(stored.fileSha256()) || !Files.exists(kept(found))) {
            return false;
        }
        return restore();
    }

    boolean drifted() {
        var sha256 = stored.fileSha256();
        try {
            return sha256 != null
                    && !(Files.exists(layout.config())
                            && sha256.equals(ProtocolJson.sha256Hex(Files.readAllBytes(layout.config()))));
        } catch (IOException e) {
            return true;
        }
    }

    private Path kept(String sha256) {
        return layout.configs().resolve(sha256 + ".cfg");
    }

    /** Keeps what the new and the former configuration name; private keys do not stay longer than they serve. */
    private void sweep(Stored former) throws IOException {
        var texts = new StringBuilder();
        Set<Path> keep = new HashSet<>();
        for (var sha256 : new String[] {stored.fileSha256(), former.fileSha256()}) {
            if (sha256 != null && Files.exists(kept(sha256))) {
                keep.add(kept(sha256));
                texts.append(Files.readString(kept(sha256)));
            }
        }
        for (var directory : new Path[] {layout.configs(), layout.certificates(), layout.lists()}) {
            try (var files = Files.newDirectoryStream(directory)) {
                for (var file : files) {
                    if (!keep.contains(file) && texts.indexOf(file.getFileName().toString()) < 0) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        }
    }
}
