package io.garrison.platform;

import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.TenancyException;
import java.util.List;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Sees to it, before anything connects, that an installation whose mode wants external stores has them. Left to itself
 * it would start without Kafka and OpenSearch, and nobody would notice until a bill is empty.
 */
@Configuration(proxyBeanMethods = false)
class ExternalStores {

    /** Set by whoever starts the embedded stores. */
    static final String EMBEDDED = "garrison.embedded-stores";

    private static final List<String> NEEDED =
            List.of("spring.datasource.url", "garrison.kafka.bootstrap", "garrison.opensearch.url");

    @Bean
    static BeanFactoryPostProcessor requireExternalStores(Environment environment) {
        check(environment);
        return beans -> {};
    }

    /**
     * @throws TenancyException.EmbeddedStoresRefused if the stores are embedded and must not be
     * @throws TenancyException.StoreMissing if they must be external and one is not configured
     */
    static void check(Environment environment) {
        var mode = Binder.get(environment)
                .bind("garrison.mode", DeploymentMode.class)
                .orElse(DeploymentMode.CLUSTER);
        var rules = DeploymentRules.of(mode);
        if (environment.getProperty(EMBEDDED, Boolean.class, false)) {
            rules.requireEmbeddedStores();
        }
        if (rules.embeddedStores()) {
            return;
        }
        var missing = NEEDED.stream()
                .filter(name -> environment.getProperty(name, "").isBlank())
                .toList();
        if (!missing.isEmpty()) {
            throw new TenancyException.StoreMissing(mode, missing);
        }
    }
}
