package io.garrison.testing;

import io.garrison.embedded.FileTrees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.springframework.boot.SpringApplication;

/** Files of this JVM's test servers. Removed when the JVM ends; what a killed JVM left is removed by the next one. */
final class TestDirectory {

    private static final String PREFIX = "garrison-test-";
    private static final Path TEMP = Path.of(System.getProperty("java.io.tmpdir"));
    private static final ConcurrentLinkedDeque<AutoCloseable> SERVERS = new ConcurrentLinkedDeque<>();
    private static final Path SHARED = create();
    private static final Thread CLEAN_UP = new Thread(() -> cleanUp(SHARED));

    static {
        Runtime.getRuntime().addShutdownHook(CLEAN_UP);
    }

    private TestDirectory() {}

    static Path shared() {
        return SHARED;
    }

    /** Unpacked servers, kept for the next run. Nobody else may write there. */
    static Path sharedBinaries() {
        try {
            Path self = Path.of("/proc/self");
            Path directory = TEMP.resolve("garrison-binaries-" + Files.getAttribute(self, "unix:uid"));
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(directory);
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            if (!Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(self))) {
                throw new IllegalStateException(directory + " belongs to somebody else; remove it");
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last one registered is closed first. */
    static void closeAtExit(AutoCloseable server) {
        SERVERS.addFirst(server);
    }

    /** Spring closes the applications of this JVM first, which wait for their servers in vain if those have ended. */
    static void cleanUpAfterApplications() {
        if (Runtime.getRuntime().removeShutdownHook(CLEAN_UP)) {
            SpringApplication.getShutdownHandlers().add(CLEAN_UP);
        }
    }

    private static Path create() {
        try {
            removeLeftovers();
            Path directory = Files.createTempDirectory(
                    TEMP, PREFIX + ProcessHandle.current().pid() + "-");
            // The database's user passes through here.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void cleanUp(Path directory) {
        for (AutoCloseable server : SERVERS) {
            try {
                server.close();
            } catch (Exception e) {
                System.err.println("cannot stop a test server: " + e);
            }
        }
        try {
            FileTrees.delete(directory);
        } catch (IOException e) {
            System.err.println("cannot remove " + directory + ": " + e);
        }
    }

    private static void removeLeftovers() throws IOException {
        try (DirectoryStream<Path> candidates = Files.newDirectoryStream(TEMP, PREFIX + "*-*")) {
            for (Path candidate : candidates) {
                String[] parts = candidate.getFileName().toString().split("-");
                if (!ProcessHandle.of(Long.parseLong(parts[2]))
                                .map(ProcessHandle::isAlive)
                                .orElse(false)
                        && Files.isWritable(candidate)) {
                    removeQuietly(candidate);
                }
            }
        }
    }

    private static void removeQuietly(Path directory) {
        try {
            FileTrees.delete(directory);
        } catch (IOException e) {
            // Another JVM may be removing the same leftovers.
            System.err.println("cannot remove " + directory + ": " + e);
        }
    }
}
