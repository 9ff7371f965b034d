package io.garrison.embedded;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * Passwords and the key-encryption key of one installation: made at random on first use, kept in files that only their
 * owner may read.
 */
record EmbeddedSecrets(PostgresPasswords postgres, String kafka, String openSearch, Path keyFile) {

    private static final int KEY_BYTES = 32;

    static EmbeddedSecrets of(Path directory) {
        try {
            PrivateFiles.directory(directory);
            Path keyFile = directory.resolve("key-encryption.key");
            if (!Files.exists(keyFile)) {
                PrivateFiles.write(keyFile, RandomSecrets.bytes(KEY_BYTES));
            }
            Path passwords = directory.resolve("passwords.properties");
            if (!Files.exists(passwords)) {
                PrivateFiles.write(passwords, fresh());
            }
            var properties = new Properties();
            properties.load(new StringReader(Files.readString(passwords)));
            return new EmbeddedSecrets(
                    new PostgresPasswords(
                            required(properties, "postgres.superuser", passwords),
                            required(properties, "postgres.owner", passwords),
                            required(properties, "postgres.app", passwords),
                            required(properties, "postgres.provider", passwords)),
                    required(properties, "kafka", passwords),
                    required(properties, "opensearch", passwords),
                    keyFile);
        } catch (IOException e) {
            throw new EmbeddedException("Cannot keep passwords in " + directory + ": " + e, e);
        }
    }

    @Override
    public String toString() {
        return "EmbeddedSecrets[…]";
    }

    private static String fresh() {
        var text = new StringBuilder();
        for (String name : new String[] {
            "postgres.superuser", "postgres.owner", "postgres.app", "postgres.provider", "kafka", "opensearch"
        }) {
            text.append(name).append('=').append(RandomSecrets.password()).append('\n');
        }
        return text.toString();
    }

    private static String required(Properties properties, String name, Path file) {
        String value = properties.getProperty(name);
        if (value == null || value.isBlank()) {
            throw new EmbeddedException(file + " has no password " + name + "; restore the file from a backup.");
        }
        return value;
    }
}
