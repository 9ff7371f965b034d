package io.garrison.tenancy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of the vault: a single key as 32 raw bytes, or one key per line in Base64. The last one seals; the ones before
 * it still open what they have sealed, so that a key is changed by appending a line.
 */
final class KeyFile {
    private static final Logger log = LoggerFactory.getLogger(KeyFile.class);
    private static final int KEY_BYTES = 32;
    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rwxrwx");
    private static final Path SELF = Path.of("/proc/self");

    private KeyFile() {}

    /** @throws IllegalStateException if the file is unreadable, holds no proper key, or others may read it */
    static List<SecretKey> load(Path file) {
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            refuseOpenPermissions(file);
            return parse(file);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the key file " + file, e);
        }
    }

    private static void create(Path file) throws IOException {
        var directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        var key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        var line = Base64.getEncoder().encodeToString(key) + "\n";
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        // Written beside and linked into place, so that a second process never reads half a key or replaces a whole
        // one.
        var fresh = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        Files.createFile(fresh, ownerOnly);
        try {
            Files.writeString(fresh, line, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.createLink(file, fresh);
            log.warn("made a new key for secrets in {}; back it up, what it seals cannot be read without it", file);
        } catch (FileAlreadyExistsException e) {
            log.info("another process has made the key file {}", file);
        } finally {
            Files.delete(fresh);
        }
    }

    private static void refuseOpenPermissions(Path file) throws IOException {
        var open = EnumSet.copyOf(OTHERS);
        open.retainAll(Files.getPosixFilePermissions(file));
        if (!Files.getOwner(file).equals(Files.getOwner(SELF))) {
            // A secret that an orchestrator mounts belongs to root; by its group it is ours to read, and nobody else's.
            open.remove(PosixFilePermission.GROUP_READ);
        }
        if (!open.isEmpty()) {
            throw new IllegalStateException("others may read the key file " + file + ": chmod 600 it");
        }
    }

    private static List<SecretKey> parse(Path file) throws IOException {
        if (Files.size(file) == KEY_BYTES) {
            return List.of(new SecretKeySpec(Files.readAllBytes(file), "AES"));
        }
        var keys = new ArrayList<SecretKey>();
        for (var line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
            if (line.isBlank()) {
                continue;
            }
            byte[] key;
            try {
                key = Base64.getDecoder().decode(line.strip());
            } catch (IllegalArgumentException e) {
                throw new IllegalStateException("the key file " + file + " is not Base64", e);
            }
            if (key.length != KEY_BYTES) {
                throw new IllegalStateException("the key file " + file + " holds a key that has not 256 bits");
            }
            keys.add(new SecretKeySpec(key, "AES"));
        }
        if (keys.isEmpty()) {
            throw new IllegalStateException("the key file " + file + " holds no key");
        }
        return keys;
    }
}
