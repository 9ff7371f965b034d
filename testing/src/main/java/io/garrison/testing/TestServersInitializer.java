package io.garrison.testing;

import io.garrison.embedded.PostgresServer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Points every Spring application of a test run at the test servers. Runs by its entry in spring.factories. */
final class TestServersInitializer implements EnvironmentPostProcessor {

    private static final String NAME = "garrisonTestServers";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (environment.getPropertySources().contains(NAME)) {
            return;
        }
        TestDirectory.cleanUpAfterApplications();
        // Above the application's own defaults, below what a test or the command line says.
        environment
                .getPropertySources()
                .addAfter(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new MapPropertySource(NAME, properties()));
    }

    private static Map<String, Object> properties() {
        TestPostgres postgres = TestPostgres.shared();
        var properties = new LinkedHashMap<String, Object>();
        properties.put("spring.datasource.url", postgres.url());
        properties.put("spring.datasource.username", PostgresServer.APP);
        properties.put("spring.datasource.password", postgres.passwords().app());
        properties.put("spring.datasource.hikari.connection-timeout", "1000");
        // The applications of many test classes live side by side; those at rest leave their connections to the others.
        properties.put("spring.datasource.hikari.minimum-idle", "1");
        properties.put("spring.datasource.hikari.idle-timeout", "10000");
        properties.put("spring.flyway.url", postgres.url());
        properties.put("spring.flyway.user", PostgresServer.OWNER);
        properties.put("spring.flyway.password", postgres.passwords().owner());
        properties.put("garrison.provider-datasource.url", postgres.url());
        properties.put("garrison.provider-datasource.username", PostgresServer.PROVIDER);
        properties.put(
                "garrison.provider-datasource.password", postgres.passwords().provider());
        properties.put(
                "garrison.secrets.key-file",
                TestDirectory.shared().resolve("key-encryption.key").toString());
        properties.put("spring.modulith.runtime.flyway-enabled", "true");
        properties.put("spring.modulith.events.jdbc.schema-initialization.enabled", "false");
        return properties;
    }
}
