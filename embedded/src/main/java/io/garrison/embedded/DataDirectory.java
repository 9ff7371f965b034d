package io.garrison.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The directory that holds all of one installation's data; one process at a time works with it. */
public final class DataDirectory implements AutoCloseable {

    private static final String LOCK = "garrison.lock";
    private static final String OWNER = "garrison.pid";

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DataDirectory(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Creates the directory where it is absent and locks it for this process.
     *
     * @throws EmbeddedException if another process works with it, or it cannot be written
     */
    public static DataDirectory open(Path path) {
        Path directory = path.toAbsolutePath().normalize();
        try {
            Files.createDirectories(directory);
            // The database's user passes through; what is inside is listed by nobody else.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            FileChannel channel =
                    FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new EmbeddedException("Garrison already runs with the data in " + directory
                        + ownerOf(directory)
                                .map(owner -> " (process " + owner.pid() + ")")
                                .orElse("")
                        + "; stop it with ./garrison down, or choose another directory with --data.");
            }
            var data = new DataDirectory(directory, channel, lock);
            new PidFile(directory.resolve(OWNER)).write(ProcessHandle.current());
            return data;
        } catch (IOException e) {
            throw new EmbeddedException("Cannot use " + directory + " as data directory: " + e, e);
        }
    }

    /** The process that works with the directory now; empty when none does. A number left by a dead one is not told. */
    public static Optional<ProcessHandle> ownerOf(Path path) {
        return new PidFile(path.resolve(OWNER)).running();
    }

    public Path path() {
        return path;
    }

    /** A directory for log files. */
    public Path logs() {
        try {
            return PrivateFiles.directory(path.resolve("logs"));
        } catch (IOException e) {
            throw new EmbeddedException("Cannot create " + path.resolve("logs"), e);
        }
    }

    @Override
    public void close() {
        try {
            new PidFile(path.resolve(OWNER)).delete();
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new EmbeddedException("Cannot release " + path, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // this very process holds it
        }
    }
}
