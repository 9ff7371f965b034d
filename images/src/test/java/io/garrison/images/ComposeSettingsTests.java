package io.garrison.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.state.DiscoveryType;
import io.garrison.edge.state.EdgeConfig;
import io.garrison.images.ComposeFile.Mount;
import io.garrison.images.ComposeFile.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the compose file tells its services, against the code that reads it. (DI-20) */
class ComposeSettingsTests {

    private static final Path ROOT = Path.of("..");
    private static final Path SETUP = Path.of("src", "management", "setup");
    private static final Pattern REQUIRED = Pattern.compile("new Required\\(\\s*\"([a-z.-]+)\"");
    private static final Pattern CONSTANT = Pattern.compile("String [A-Z_]+ = \"((?:garrison|spring)\\.[a-z.-]+)\"");
    private static final Pattern SETTING = Pattern.compile("\\b(?:garrison|spring)\\.[a-z]+[a-z.-]*[a-z]");

    private ComposeFile file;

    @BeforeEach
    void reads() throws IOException {
        file = ComposeFile.read();
    }

    /** By the environment or by a file that "prepare" leaves among the settings. */
    @Test
    void managementIsToldWhatItNeedsAndNothingThatItDoesNotKnow() throws IOException {
        var source = Files.readString(ROOT.resolve("app/src/main/java/io/garrison/boot/ServeSettings.java"));
        var constants =
                CONSTANT.matcher(source).results().map(found -> found.group(1)).toList();
        var required = new TreeSet<>(constants);
        REQUIRED.matcher(source).results().forEach(found -> required.add(found.group(1)));
        assertThat(required).hasSizeGreaterThan(11).contains("garrison.mode", "spring.flyway.user");
        var prepare = Files.readString(SETUP.resolve("prepare"));

        var told = new HashSet<>(file.service("management").environment().keySet());
        for (var name : required) {
            var service = name.startsWith("spring.flyway") ? "migration" : "management/settings";
            if (prepare.contains("$secrets/" + service + "/" + name + "\"")) {
                told.add(variable(name));
            }
        }
        told.addAll(file.service("migrate").environment().keySet());
        assertThat(told)
                .containsAll(
                        required.stream().map(ComposeSettingsTests::variable).toList());

        var known = new TreeSet<>(required);
        known.addAll(settings(ROOT.resolve("helm/garrison/README.md")));
        known.addAll(settings(ROOT.resolve("helm/garrison/templates/configmap.yaml")));
        var variables =
                new HashSet<>(known.stream().map(ComposeSettingsTests::variable).toList());
        variables.addAll(List.of("GARRISON_ADMIN_EMAIL", "GARRISON_ADMIN_PASSWORD_FILE"));
        assertThat(variables)
                .containsAll(file.service("management").environment().keySet());
        assertThat(variables).containsAll(file.service("migrate").environment().keySet());
        assertThat(Files.readString(ROOT.resolve("app/src/main/java/io/garrison/boot/FirstAdministratorStep.java")))
                .contains("\"GARRISON_ADMIN_EMAIL\"", "\"GARRISON_ADMIN_PASSWORD_FILE\"");
    }

    @Test
    void filesThatSettingsNameAreMadeAndMounted() throws IOException {
        var prepare = Files.readString(SETUP.resolve("prepare"));
        var volume = file.service("management").mounts().getFirst();
        for (var setting : file.service("management").environment().entrySet()) {
            if (setting.getValue().startsWith("/")) {
                assertThat(setting.getValue()).startsWith(volume.target() + "/");
                var name = setting.getValue().substring(volume.target().length());
                assertThat(prepare).as(setting.getKey()).contains("$secrets/management" + name + "\"");
            }
        }
        assertThat(prepared("management-secrets")).isEqualTo("/secrets/management");
        assertThat(file.service("migrate").mounts().getFirst())
                .isEqualTo(new Mount("migration-secrets", "/run/garrison/settings", true));
        assertThat(file.service("management").fields().get("command"))
                .as("the image's own")
                .isNull();
        assertThat(Files.readString(Path.of("src", "management", "Containerfile")))
                .contains("CMD [\"serve\", \"--settings\", \"/run/garrison/settings\"]");
        assertThat(volume).isEqualTo(new Mount("management-secrets", "/run/garrison", true));
    }

    @Test
    void databaseReadsThePasswordsThatWereMade() throws IOException {
        var postgres = file.service("postgres");
        var secrets = prepared("database-secrets");
        assertThat(postgres.mounts()).contains(new Mount("database-secrets", secrets, true));
        var passwords = Files.readString(Path.of("compose", "passwords.sql"));
        for (var role : List.of("owner", "app", "provider")) {
            assertThat(passwords).contains("`cat " + secrets + "/" + role + "`", "alter role garrison_" + role + " ");
        }
        assertThat(Files.readString(SETUP.resolve("prepare"))).contains("for role in superuser owner app provider;");
        assertThat(postgres.environment()).containsEntry("POSTGRES_PASSWORD_FILE", secrets + "/superuser");
    }

    @Test
    void settingsOfTheEdgesAreTheAgentsAndFitTheRest() throws IOException {
        var settings = EdgeConfig.read(Path.of("compose", "edge.properties"));
        assertThat(settings.cluster().enabled()).isTrue();
        assertThat(settings.cluster().discovery().enabled()).isTrue();
        assertThat(settings.cluster().discovery().type()).isEqualTo(DiscoveryType.DNS);
        assertThat(settings.cluster().discovery().dnsNames())
                .containsExactlyElementsOf(file.edges().map(Service::name).toList());
        assertThat(String.valueOf(settings.cluster().health().listen())).isEqualTo("0.0.0.0:9528");

        var publish = Files.readString(SETUP.resolve("publish"));
        assertThat(publish).contains("healthPort=9528", "address: \"0.0.0.0\", port: 8000,", "port: 8080}");
        assertThat(Files.readString(Path.of("compose", "web.cfg"))).contains("bind :8080\n");
        assertThat(file.edges().flatMap(edge -> edge.ports().stream())).allMatch(port -> port.endsWith(":8000"));
        assertThat(file.service("balancer").ports()).containsExactly("127.0.0.1:8000:8000");
    }

    @Test
    void addressesThatAreToldAreThoseOfServicesAndPorts() throws IOException {
        var management = file.service("management").environment();
        assertThat(management.get("GARRISON_EDGE_HOSTNAMES").split(",")).startsWith("management");
        assertThat(management.get("SPRING_DATASOURCE_URL")).contains("//postgres:5432/garrison");
        assertThat(file.service("migrate").environment().get("SPRING_DATASOURCE_URL"))
                .isEqualTo(management.get("SPRING_DATASOURCE_URL"));
        assertThat(management.get("GARRISON_KAFKA_BOOTSTRAP")).isEqualTo("kafka:9092");
        assertThat(file.service("kafka").environment().get("KAFKA_ADVERTISED_LISTENERS"))
                .endsWith("//kafka:9092");
        assertThat(management.get("GARRISON_OPENSEARCH_URL")).isEqualTo("http://opensearch:9200");
        assertThat(file.service("management").ports())
                .containsExactly("127.0.0.1:8080:8080", "127.0.0.1:8444:" + management.get("GARRISON_EDGE_PORT"));
        for (var step : List.of("enrol", "publish")) {
            var environment = file.service(step).environment();
            assertThat(environment).containsEntry("CONSOLE", "http://management:8080");
            assertThat(environment).containsEntry("ADMINISTRATOR", management.get("GARRISON_ADMIN_EMAIL"));
            assertThat(file.service(step).mounts()).contains(new Mount("setup-secrets", "/secrets/setup", true));
        }
        assertThat(file.service("publish").environment()).containsEntry("BACK_END", "web");
    }

    private String prepared(String volume) {
        return file.service("prepare").mounts().stream()
                .filter(mount -> mount.source().equals(volume))
                .findFirst()
                .orElseThrow()
                .target();
    }

    private static Set<String> settings(Path document) throws IOException {
        var found = new TreeSet<String>();
        SETTING.matcher(Files.readString(document)).results().forEach(match -> found.add(match.group()));
        return found;
    }

    private static String variable(String setting) {
        return setting.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }
}
