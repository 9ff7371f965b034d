package io.garrison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.tngtech.archunit.core.importer.ImportOption.OnlyIncludeTests;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.core.Violations;
import org.springframework.modulith.docs.Documenter;

class ModularityTests {

    private final ApplicationModules modules = ApplicationModules.of(GarrisonApplication.class);

    @Test
    void seesEveryModule() {
        assertThat(modules)
                .extracting(module -> module.getIdentifier().toString())
                .contains("tenancy", "licensing", "instances", "reporting", "protocol", "platform", "shell");
    }

    @Test
    void keepsToTheDeclaredDependencies() {
        modules.verify();
    }

    @Test
    void seesAForbiddenDependencyWhenThereIsOne() {
        var planted = ApplicationModules.of("io.garrison.guards.modules", new OnlyIncludeTests());

        assertThatExceptionOfType(Violations.class)
                .isThrownBy(planted::verify)
                .withMessageContaining("below")
                .withMessageContaining("above");
    }

    @Test
    void drawsTheModules() {
        new Documenter(modules).writeModulesAsPlantUml();
    }
}
