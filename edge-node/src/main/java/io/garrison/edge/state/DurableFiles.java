package io.garrison.edge.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Writes files that only their owner can read, and that are whole after any crash. */
public final class DurableFiles {

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private DurableFiles() {}

    /** Replaces {@code file} so that a crash leaves either the old or the new content, and the new one once this returns. */
    public static void replace(Path file, byte[] content) throws IOException {
        swapIn(file, content, true);
    }

    /** Replaces {@code file} in one step, but without waiting for the disk. For what may be lost with the power. */
    public static void replaceLazily(Path file, byte[] content) throws IOException {
        swapIn(file, content, false);
    }

    /** Makes the directory and its parents; this directory is the owner's alone, even if it existed before. */
    public static void ownDirectory(Path directory) throws IOException {
        Files.createDirectories(directory, OWNER_DIRECTORY);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }

    /** Opens a file for reading and writing, made with mode 0600 if it does not exist. */
    public static FileChannel openOwned(Path file) throws IOException {
        return FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE), OWNER_FILE);
    }

    /** Makes names in the directory survive a power cut. */
    public static void forceDirectory(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Writes until the buffer is empty. */
    public static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void swapIn(Path file, byte[] content, boolean durable) throws IOException {
        var beside = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(beside);
        try (var channel = openOwned(beside)) {
            writeFully(channel, ByteBuffer.wrap(content));
            if (durable) {
                channel.force(true);
            }
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (durable) {
            forceDirectory(directoryOf(file));
        }
    }

    private static Path directoryOf(Path file) {
        var parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("not a file in a directory: " + file);
        }
        return parent;
    }
}
