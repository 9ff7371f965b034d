package io.garrison.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.tenancy.TenancySettings.ProviderDatasource;
import io.garrison.tenancy.TenancySettings.Secrets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;

class TenancySettingsTests {

    @Test
    void hasTheDefaultsThatAreDocumented() {
        assertThat(bind(Map.of()))
                .isEqualTo(new AuthSettings(
                        Duration.ofMinutes(15), 5, Duration.ofMinutes(15), Duration.ofDays(7), Duration.ofHours(24)));
    }

    @ParameterizedTest
    @CsvSource({"attempts,0", "attempts,-1", "token-life,0s", "lockout,-1m", "invitation-life,999ms", "reset-life,0s"})
    void refusesWhatWouldLetNobodyIn(String name, String value) {
        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> bind(Map.of("garrison.auth." + name, value)))
                .havingRootCause()
                .withMessageContaining("garrison.auth." + name);
    }

    @Test
    void givesTheProvidersPoolItsSizeAndAddress() {
        var tenant = new DataSourceProperties();
        tenant.setUrl("jdbc:postgresql://tenants/garrison");

        try (var own = pool(tenant, "jdbc:postgresql://provider/garrison", 7);
                var shared = pool(tenant, null, 2)) {
            assertThat(own.getJdbcUrl()).isEqualTo("jdbc:postgresql://provider/garrison");
            assertThat(own.getMaximumPoolSize()).isEqualTo(7);
            assertThat(own.getUsername()).isEqualTo("user");
            assertThat(own.getPassword()).isEqualTo("password");
            assertThat(shared.getJdbcUrl()).isEqualTo("jdbc:postgresql://tenants/garrison");
            assertThat(shared.getMaximumPoolSize()).isEqualTo(2);
        }
    }

    private static com.zaxxer.hikari.HikariDataSource pool(
            DataSourceProperties tenant, @Nullable String url, int size) {
        return new TenancyConfiguration()
                .providerPool(
                        tenant,
                        new TenancySettings(
                                DeploymentMode.CLUSTER,
                                new Secrets(Path.of("key")),
                                new ProviderDatasource(url, "user", "password", size)));
    }

    private static AuthSettings bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("garrison.auth", AuthSettings.class);
    }
}
