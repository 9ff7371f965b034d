package io.garrison.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The PostgreSQL server of our class path, unpacked once. */
final class PostgresBinaries {

    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

    private PostgresBinaries() {}

    /**
     * Unpacks below the directory unless that was done before; at once from several processes is fine.
     *
     * @return the directory that holds {@code bin} and {@code lib}
     */
    static Path unpackedIn(Path directory) throws IOException {
        Path home = directory.resolve("postgresql-" + archiveDigest());
        if (Files.isDirectory(home, LinkOption.NOFOLLOW_LINKS)) {
            return home;
        }
        Files.createDirectories(directory);
        Path draft = Files.createTempDirectory(directory, "unpacking-");
        try {
            Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwxr-xr-x"));
            unpack(draft);
            Files.move(draft, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Another process was faster: a directory that holds files is not replaced.
            if (!Files.isDirectory(home, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
        } finally {
            FileTrees.delete(draft);
        }
        return home;
    }

    /** So that another version of the server gets another directory. */
    private static String archiveDigest() throws IOException {
        try (InputStream resource = archive()) {
            var digest = MessageDigest.getInstance("SHA-256");
            resource.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InputStream archive() {
        InputStream resource = PostgresBinaries.class.getResourceAsStream(ARCHIVE);
        if (resource == null) {
            throw new EmbeddedException(
                    "No PostgreSQL for this machine on the class path; Linux on x86-64 is supported.");
        }
        return resource;
    }

    private static void unpack(Path target) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(archive())))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                write(tar, entry, target.resolve(entry.getName()).normalize());
            }
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path path) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
        } else if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
            Files.createDirectories(path.getParent());
            Files.copy(tar, path);
            boolean executable = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(
                    path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }
}
