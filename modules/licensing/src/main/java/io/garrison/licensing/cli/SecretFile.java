package io.garrison.licensing.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that only their owner may read, from the moment they exist. */
final class SecretFile {

    private SecretFile() {}

    /** @throws java.nio.file.FileAlreadyExistsException if there is one: a key that was lost is lost for good */
    static void create(Path file, String text) throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Files.write(Files.createFile(file, ownerOnly), text.getBytes(StandardCharsets.US_ASCII));
    }

    static void replace(Path file, String text) throws IOException {
        var directory = file.toAbsolutePath().getParent();
        var fresh = Files.createTempFile(directory, ".license", ".new"); // 0600 by its contract
        try {
            Files.write(fresh, text.getBytes(StandardCharsets.US_ASCII));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
