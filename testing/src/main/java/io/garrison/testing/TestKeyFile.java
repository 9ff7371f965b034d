package io.garrison.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/** A key-encryption key for this JVM's tests: 32 random bytes that only the owner may read. */
final class TestKeyFile {

    private static final Path SHARED = create();

    private TestKeyFile() {}

    static Path shared() {
        return SHARED;
    }

    private static Path create() {
        try {
            Path file = Files.createFile(
                    TestDirectory.shared().resolve("key-encryption.key"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            var key = new byte[32];
            new SecureRandom().nextBytes(key);
            return Files.write(file, key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
