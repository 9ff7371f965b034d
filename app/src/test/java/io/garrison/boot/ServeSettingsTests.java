package io.garrison.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class ServeSettingsTests {

    @TempDir
    private Path scratch;

    @Test
    void nothingIsMissingWhenAllIsSaid() throws IOException {
        assertThat(ServeSettings.faultsToServe(environment(all()))).isEmpty();
    }

    @Test
    void everythingIsNamedAtOnce() {
        assertThat(ServeSettings.faultsToServe(environment(Map.of())))
                .hasSize(10)
                .allMatch(fault -> fault.contains("is not set"))
                .anyMatch(fault -> fault.startsWith("garrison.kafka.bootstrap (GARRISON_KAFKA_BOOTSTRAP)"));
        assertThat(ServeSettings.faultsToMigrate(environment(Map.of()))).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARRISON_MODE",
                "SPRING_DATASOURCE_URL",
                "SPRING_DATASOURCE_USERNAME",
                "SPRING_DATASOURCE_PASSWORD",
                "GARRISON_PROVIDER_DATASOURCE_USERNAME",
                "GARRISON_PROVIDER_DATASOURCE_PASSWORD",
                "GARRISON_KAFKA_BOOTSTRAP",
                "GARRISON_OPENSEARCH_URL",
                "GARRISON_EDGE_HOSTNAMES",
                "GARRISON_SECRETS_KEY_FILE"
            })
    void eachIsNamedWhenItAloneIsMissingOrEmpty(String variable) throws IOException {
        var settings = all();
        settings.remove(variable);
        assertThat(ServeSettings.faultsToServe(environment(settings)))
                .singleElement()
                .asString()
                .contains("(" + variable + ") is not set");

        settings.put(variable, " ");
        assertThat(ServeSettings.faultsToServe(environment(settings))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "GARRISON_MODE,Cluster,'must be one of centralized, cluster, private-cloud'",
        "GARRISON_MODE,centralized,garrison.licensing.vendor-keys (GARRISON_LICENSING_VENDOR_KEYS) is not set",
        "GARRISON_SECRETS_KEY_FILE,/absent/key,openssl rand",
        "SPRING_FLYWAY_USER,garrison_owner,spring.flyway.password",
    })
    void whatMakesNoSenseIsTold(String variable, String value, String message) throws IOException {
        var settings = all();
        settings.put(variable, value);

        assertThat(ServeSettings.faultsToServe(environment(settings)))
                .singleElement()
                .asString()
                .contains(message);
    }

    @Test
    void aModeWithAnEdgeOfItsOwnIsAnotherCommand() throws IOException {
        var settings = all();
        settings.put("GARRISON_MODE", "standalone");
        settings.put("GARRISON_LICENSING_VENDOR_KEYS", "/etc/garrison/vendor.pub");

        assertThat(ServeSettings.faultsToServe(environment(settings)))
                .singleElement()
                .asString()
                .contains("./garrison standalone");
    }

    @Test
    void aModeWithOneSubLicenseServesOnceItKnowsTheVendor() throws IOException {
        var settings = all();
        settings.put("GARRISON_MODE", "centralized");
        settings.put("GARRISON_LICENSING_VENDOR_KEYS", "/etc/garrison/vendor.pub");

        assertThat(ServeSettings.faultsToServe(environment(settings))).isEmpty();
    }

    @Test
    void theCommandLineNamesADirectoryAndNothingElse() throws UsageException {
        assertThat(ServeArguments.parse(List.of()).settings()).isNull();
        assertThat(ServeArguments.parse(List.of("--settings", scratch.toString()))
                        .settings())
                .isEqualTo(scratch);
        for (var words : List.of(
                List.of("--settings"),
                List.of("--settings", scratch.resolve("absent").toString()),
                List.of("--data", "x"))) {
            assertThatExceptionOfType(UsageException.class).isThrownBy(() -> ServeArguments.parse(words));
        }
    }

    @Test
    void filesAreSettingsWithoutTheirLastLineBreak() throws Exception {
        Files.writeString(scratch.resolve("spring.datasource.password"), "two words \r\n");
        Files.writeString(scratch.resolve(".hidden"), "x");
        Files.createDirectory(scratch.resolve("..data"));

        assertThat(ServeArguments.parse(List.of("--settings", scratch.toString()))
                        .fromFiles())
                .isEqualTo(Map.of("spring.datasource.password", "two words "));
        assertThat(ServeArguments.parse(List.of()).fromFiles()).isEmpty();
    }

    private Map<String, Object> all() throws IOException {
        var settings = new HashMap<String, Object>();
        settings.put("GARRISON_MODE", "private-cloud");
        settings.put("SPRING_DATASOURCE_URL", "jdbc:postgresql://db/garrison");
        settings.put("SPRING_DATASOURCE_USERNAME", "garrison_app");
        settings.put("SPRING_DATASOURCE_PASSWORD", "x");
        settings.put("GARRISON_PROVIDER_DATASOURCE_USERNAME", "garrison_provider");
        settings.put("GARRISON_PROVIDER_DATASOURCE_PASSWORD", "x");
        settings.put("GARRISON_KAFKA_BOOTSTRAP", "kafka-0:9092,kafka-1:9092");
        settings.put("GARRISON_OPENSEARCH_URL", "https://search:9200");
        settings.put("GARRISON_EDGE_HOSTNAMES", "edge.example.com,192.0.2.1");
        settings.put(
                "GARRISON_SECRETS_KEY_FILE",
                Files.writeString(scratch.resolve("key"), "x").toString());
        return settings;
    }

    private static ConfigurableEnvironment environment(Map<String, Object> variables) {
        var environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .forEach(source -> environment.getPropertySources().remove(source.getName()));
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
        return environment;
    }
}
