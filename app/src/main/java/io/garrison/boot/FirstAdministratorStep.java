package io.garrison.boot;

import io.garrison.embedded.EmbeddedException;
import io.garrison.tenancy.FirstAdministrator;
import io.garrison.tenancy.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the first platform administrator from the environment, or tells people the link by which one makes itself. */
final class FirstAdministratorStep {

    static final String EMAIL = "GARRISON_ADMIN_EMAIL";
    static final String PASSWORD_FILE = "GARRISON_ADMIN_PASSWORD_FILE";

    private final FirstAdministrator administrator;
    private final Map<String, String> environment;
    private final Consumer<String> say;

    FirstAdministratorStep(FirstAdministrator administrator, Map<String, String> environment, Consumer<String> say) {
        this.administrator = administrator;
        this.environment = environment;
        this.say = say;
    }

    /** @throws EmbeddedException if the environment names an administrator that cannot be made */
    void perform(String consoleAddress) {
        if (!administrator.needed()) {
            return;
        }
        String email = environment.get(EMAIL);
        String passwordFile = environment.get(PASSWORD_FILE);
        if (email == null && passwordFile == null) {
            say.accept("Become the first administrator (once, within an hour): "
                    + administrator.oneTimeLink(consoleAddress));
            return;
        }
        create(required(EMAIL, email), required(PASSWORD_FILE, passwordFile));
    }

    private void create(String email, String passwordFile) {
        try {
            // Editors and echo end a file with a newline, which nobody means as part of the password.
            administrator.create(email, Files.readString(Path.of(passwordFile)).stripTrailing());
            say.accept("Made " + email + " the first administrator.");
        } catch (IOException e) {
            throw new EmbeddedException("Cannot read " + PASSWORD_FILE + ": " + e, e);
        } catch (Refusal e) {
            if (!administrator.needed()) {
                return; // another replica, which started at the same time, was faster
            }
            throw new EmbeddedException("Cannot make the first administrator: " + e.getMessage(), e);
        }
    }

    private static String required(String name, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new EmbeddedException(EMAIL + " and " + PASSWORD_FILE + " go together; " + name + " is not set.");
        }
        return value;
    }
}
