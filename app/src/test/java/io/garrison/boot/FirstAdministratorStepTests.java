package io.garrison.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.garrison.embedded.EmbeddedException;
import io.garrison.tenancy.FirstAdministrator;
import io.garrison.tenancy.TenancyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstAdministratorStepTests {

    private final List<String> said = new ArrayList<>();
    private final Recording administrator = new Recording();

    @TempDir
    private Path scratch;

    @Test
    void anInstallationWithAnAdministratorIsLeftAlone() {
        administrator.needed = false;

        step(Map.of("GARRISON_ADMIN_EMAIL", "ada@example.net", "GARRISON_ADMIN_PASSWORD_FILE", "/absent"));

        assertThat(administrator.created).isEmpty();
        assertThat(said).isEmpty();
    }

    @Test
    void theEnvironmentNamesTheAdministratorAndNoLinkIsTold() throws Exception {
        Path file = Files.writeString(scratch.resolve("password"), "correct horse battery\n");

        step(Map.of("GARRISON_ADMIN_EMAIL", "ada@example.net", "GARRISON_ADMIN_PASSWORD_FILE", file.toString()));

        assertThat(administrator.created).containsExactly("ada@example.net/correct horse battery");
        assertThat(said).noneMatch(line -> line.contains("http") || line.contains("horse"));
    }

    @Test
    void anotherReplicaMayBeFaster() throws Exception {
        Path file = Files.writeString(scratch.resolve("password"), "correct horse battery");
        administrator.overtaken = true;

        step(Map.of("GARRISON_ADMIN_EMAIL", "ada@example.net", "GARRISON_ADMIN_PASSWORD_FILE", file.toString()));

        assertThat(said).isEmpty();
    }

    @Test
    void withoutEnvironmentTheLinkIsTold() {
        step(Map.of());

        assertThat(administrator.created).isEmpty();
        assertThat(said).singleElement().asString().contains("http://127.0.0.1:1/setup?token=once");
    }

    @Test
    void halfAnEnvironmentAndAnUnreadableFileAreRefused() {
        assertThatThrownBy(() -> step(Map.of("GARRISON_ADMIN_EMAIL", "ada@example.net")))
                .isInstanceOf(EmbeddedException.class)
                .hasMessageContaining("GARRISON_ADMIN_PASSWORD_FILE is not set");
        assertThatThrownBy(() -> step(Map.of(
                        "GARRISON_ADMIN_EMAIL",
                        "ada@example.net",
                        "GARRISON_ADMIN_PASSWORD_FILE",
                        scratch.resolve("absent").toString())))
                .isInstanceOf(EmbeddedException.class)
                .hasMessageContaining("absent");
    }

    private void step(Map<String, String> environment) {
        new FirstAdministratorStep(administrator, environment, said::add).perform("http://127.0.0.1:1");
    }

    private static final class Recording implements FirstAdministrator {

        private final List<String> created = new ArrayList<>();
        private boolean needed = true;
        private boolean overtaken;

        @Override
        public boolean needed() {
            return needed;
        }

        @Override
        public void create(String email, String password) {
            if (overtaken) {
                needed = false;
                throw new TenancyException.InvitationInvalid();
            }
            created.add(email + "/" + password);
        }

        @Override
        public String oneTimeLink(String baseUrl) {
            return baseUrl + "/setup?token=once";
        }

        @Override
        public void redeem(String token, String email, String password) {
            throw new AssertionError("not at start");
        }
    }
}
