package io.garrison.platform;

import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.TenancyException;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Sees to it, before anything connects, that an installation whose mode wants external stores does not run on embedded
 * ones, wherever its mode was set. That external ones are configured is seen to by the command that runs on them.
 */
@Configuration(proxyBeanMethods = false)
class EmbeddedStores {

    /** Set by whoever starts the embedded stores. */
    static final String EMBEDDED = "garrison.embedded-stores";

    @Bean
    static BeanFactoryPostProcessor refuseEmbeddedStores(Environment environment) {
        check(environment);
        return beans -> {};
    }

    /** @throws TenancyException.EmbeddedStoresRefused if the stores are embedded and must not be */
    static void check(Environment environment) {
        if (environment.getProperty(EMBEDDED, Boolean.class, false)) {
            var mode = Binder.get(environment)
                    .bind("garrison.mode", DeploymentMode.class)
                    .orElse(DeploymentMode.CLUSTER);
            DeploymentRules.of(mode).requireEmbeddedStores();
        }
    }
}
