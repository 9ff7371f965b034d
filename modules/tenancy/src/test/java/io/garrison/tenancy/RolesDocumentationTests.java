package io.garrison.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RolesDocumentationTests {

    @ParameterizedTest
    @EnumSource(Permission.class)
    void tellsWhoHasThePermission(Permission permission) throws IOException {
        var cells = new StringBuilder("| " + permission + " |");
        for (var role : Role.values()) {
            cells.append(role.permissions().contains(permission) ? " ✓ |" : " |");
        }

        assertThat(Files.readAllLines(Path.of("../../docs/roles.md"))).contains(cells.toString());
    }

    @Test
    void givesTenantsNothingThatIsTheProvidersAlone() {
        assertThat(Arrays.stream(Role.values())
                        .filter(role -> !role.isProvider())
                        .flatMap(role -> role.permissions().stream()))
                .doesNotContain(
                        Permission.TENANT_MANAGE,
                        Permission.ACT_AS,
                        Permission.LICENSE_MANAGE,
                        Permission.USAGE_FLUSH,
                        Permission.SYSTEM_VIEW);
    }
}
