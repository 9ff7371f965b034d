package io.garrison.embedded;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * Passwords of one installation: made at random on first use, kept in a file that only its owner may read.
 *
 * @param keyFile where the application keeps its key-encryption key; it makes that file itself
 */
record EmbeddedSecrets(PostgresPasswords postgres, String kafka, String openSearch, Path keyFile) {

    static EmbeddedSecrets of(Path directory) {
        try {
            PrivateFiles.directory(directory);
            Path keyFile = directory.resolve("key-encryption.key");
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
