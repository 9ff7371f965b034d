package io.garrison.edge.doctor;

import io.garrison.edge.doctor.Finding.Outcome;
import io.garrison.edge.state.EdgeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The state directory, its rights and room, and the settings. */
final class FileProbes {

    /** What a short outage of management needs for telemetry, and what every write of state needs. */
    private static final long LEAST_ROOM = 64L << 20;

    private final Subject subject;

    @Nullable
    private EdgeConfig config;

    FileProbes(Subject subject) {
        this.subject = subject;
    }

    /** After {@link #look}: the settings, unless they can't be read. */
    Optional<EdgeConfig> config() {
        return Optional.ofNullable(config);
    }

    List<Finding> look() {
        var findings = new ArrayList<Finding>();
        findings.add(directory(subject.state().root()));
        if (findings.getFirst().outcome() == Outcome.GOOD) {
            findings.add(room(subject.state().root()));
        }
        findings.add(settings());
        var running = subject.running();
        if (running != null) {
            findings.add(blocks(running));
        }
        return findings;
    }

    private static Finding directory(Path root) {
        var id = "files.state";
        if (!Files.isDirectory(root)) {
            return Finding.bad(Layer.FILES, id, root + " is not there", "Join first: garrison edge join.");
        }
        try {
            var rights = PosixFilePermissions.toString(Files.getPosixFilePermissions(root));
            if (!rights.equals("rwx------")) {
                return Finding.bad(
                        Layer.FILES,
                        id,
                        root + " has the rights " + rights + ", and private keys are in it",
                        "chmod 0700 " + root);
            }
            if (!Files.isWritable(root)) {
                return Finding.bad(
                        Layer.FILES,
                        id,
                        root + " belongs to " + Files.getOwner(root).getName() + ", not to who asks",
                        "Run this as the user of the agent, or as root.");
            }
        } catch (IOException e) {
            return Finding.bad(Layer.FILES, id, root + " can't be read: " + e.getMessage(), "Look at the disk.");
        }
        return Finding.good(Layer.FILES, id, root + " is the owner's alone");
    }

    private static Finding room(Path root) {
        try {
            long left = Files.getFileStore(root).getUsableSpace();
            return left >= LEAST_ROOM
                    ? Finding.good(Layer.FILES, "files.room", (left >> 20) + " MiB are free")
                    : Finding.bad(
                            Layer.FILES,
                            "files.room",
                            "only " + (left >> 20) + " MiB are free",
                            "Make room on the disk of " + root + ", or lower spool.max-bytes.");
        } catch (IOException e) {
            return Finding.bad(Layer.FILES, "files.room", "the disk does not answer: " + e.getMessage(), "Look at it.");
        }
    }

    private static Finding blocks(Running running) {
        return running.files().isEmpty()
                ? Finding.good(
                        Layer.FILES, "files.blocks", "the file of blocked clients was whole when the agent started")
                : Finding.bad(
                        Layer.FILES,
                        "files.blocks",
                        String.join(" ", running.files()),
                        "Look at the disk, compare garrison edge blocks with another instance, block again what is"
                                + " missing, and restart the agent.");
    }

    private Finding settings() {
        try {
            config = EdgeConfig.read(subject.state().settings(), subject.machineSettings());
            return Finding.good(Layer.FILES, "files.settings", "every setting is known and in range");
        } catch (EdgeConfig.InvalidSetting | IOException e) {
            return Finding.bad(
                    Layer.FILES,
                    "files.settings",
                    String.valueOf(e.getMessage()),
                    "Correct it in edge.properties and restart the agent.");
        }
    }
}
