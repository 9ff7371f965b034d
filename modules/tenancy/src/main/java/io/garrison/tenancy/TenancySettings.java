package io.garrison.tenancy;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * In which mode the installation runs, and where secrets and the provider's own database connection come from.
 *
 * @param mode selects the {@link DeploymentRules}
 * @param secrets the key of everything that is sealed in the database
 * @param providerDatasource pool of the role {@code garrison_provider}
 */
@ConfigurationProperties("garrison")
record TenancySettings(
        @DefaultValue("cluster") DeploymentMode mode,
        @DefaultValue Secrets secrets,
        ProviderDatasource providerDatasource) {

    /** @param keyFile made with a fresh key, readable by its owner only, if there is none */
    record Secrets(@DefaultValue(".garrison/secrets.key") Path keyFile) {}

    /**
     * @param url that of {@code spring.datasource} unless given
     * @param maximumPoolSize connections; provider-wide work is rare, so few
     */
    record ProviderDatasource(
            @Nullable String url,
            String username,
            String password,
            @DefaultValue("4") int maximumPoolSize) {}
}
