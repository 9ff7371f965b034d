package io.garrison;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;
import com.vaadin.flow.router.Route;
import io.garrison.guards.planted.Planted;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.web.bind.annotation.RestController;

/** Each rule holds for the product and is broken by a class that is planted for it. */
class ArchitectureTests {

    private static final JavaClasses PRODUCT =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("io.garrison");
    private static final JavaClasses PLANTED = new ClassFileImporter().importClasses(Planted.CLASSES);

    private static final Map<String, ArchRule> RULES = Map.of(
            "controllers are nobody's dependency",
            classes().that().areAnnotatedWith(RestController.class).should().bePackagePrivate(),
            "views are nobody's dependency",
            classes().that().areAnnotatedWith(Route.class).should().bePackagePrivate(),
            "services show themselves by their interface",
            classes()
                    .that()
                    .areAnnotatedWith(Service.class)
                    .and()
                    .resideInAnyPackage(
                            "io.garrison.tenancy",
                            "io.garrison.licensing",
                            "io.garrison.instances",
                            "io.garrison.reporting",
                            "io.garrison.guards.planted")
                    .should()
                    .bePackagePrivate(),
            "time comes from the clock",
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "io.garrison.tenancy..",
                            "io.garrison.licensing",
                            "io.garrison.instances..",
                            "io.garrison.reporting..",
                            "io.garrison.platform..",
                            "io.garrison.guards.planted..")
                    .and()
                    .doNotHaveFullyQualifiedName("io.garrison.tenancy.TenancyConfiguration")
                    .should()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(LocalDate.class, "now")
                    .orShould()
                    .callMethod(LocalDateTime.class, "now")
                    .orShould()
                    .callMethod(OffsetDateTime.class, "now")
                    .orShould()
                    .callMethod(ZonedDateTime.class, "now")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(Clock.class, "systemUTC"),
            "adapters do not speak to the database",
            noClasses()
                    .that()
                    .resideInAnyPackage("..web..", "..ui..", "..edgeapi..", "..shell..", "..planted..")
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(JdbcClient.class),
            "management starts no processes",
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "io.garrison.tenancy..",
                            "io.garrison.licensing..",
                            "io.garrison.instances..",
                            "io.garrison.reporting..",
                            "io.garrison.platform..",
                            "io.garrison.shell..",
                            "io.garrison.guards.planted..")
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(ProcessBuilder.class),
            "management calls nobody but its own stores and, where it is a customer's, the MSSP's gateway",
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "io.garrison.tenancy..",
                            "io.garrison.licensing..",
                            "io.garrison.instances..",
                            "io.garrison.platform..",
                            "io.garrison.shell..",
                            "io.garrison.guards.planted..")
                    .and()
                    .doNotHaveFullyQualifiedName("io.garrison.instances.federation.SiteDialer")
                    .and()
                    // Dials the one peer with whom a standalone installation keeps its configuration.
                    .doNotHaveFullyQualifiedName("io.garrison.instances.peer.PeerClient")
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(HttpClient.class),
            "only tenancy decides which tenant the database shows",
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.garrison.tenancy")
                    .and()
                    .resideOutsideOfPackages("io.garrison.embedded..", "io.garrison.testing..", "io.garrison.edge..")
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(javax.sql.DataSource.class));

    static Iterable<String> rules() {
        return RULES.keySet();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holds(String rule) {
        var result = RULES.get(rule).evaluate(PRODUCT);

        assertThat(result.getFailureReport().getDetails()).as(rule).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void isBrokenByThePlantedFault(String rule) {
        assertThat(RULES.get(rule).evaluate(PLANTED).hasViolation()).as(rule).isTrue();
    }

    @Test
    void readsTheWholeProduct() {
        assertThat(PRODUCT.size()).isGreaterThan(200);
    }
}
