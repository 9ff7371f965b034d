package io.garrison.tenancy;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import java.util.Map;
import javax.sql.DataSource;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.Advisor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Role;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.transaction.PlatformTransactionManager;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({TenancySettings.class, AuthSettings.class})
class TenancyConfiguration {

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** Made only once it is known that the data may be used in this mode. */
    @Bean
    DeploymentRules deploymentRules(RememberedMode mode) {
        return mode.rules();
    }

    @Bean(defaultCandidate = false)
    @ConfigurationProperties("spring.datasource.hikari")
    HikariDataSource tenantPool(DataSourceProperties properties) {
        var pool = properties
                .initializeDataSourceBuilder()
                .type(HikariDataSource.class)
                .build();
        pool.setPoolName("tenant");
        return pool;
    }

    @Bean(defaultCandidate = false)
    HikariDataSource providerPool(DataSourceProperties tenant, TenancySettings settings) {
        var provider = settings.providerDatasource();
        var pool = new HikariDataSource();
        pool.setPoolName("provider");
        pool.setJdbcUrl(provider.url() == null ? tenant.determineUrl() : provider.url());
        pool.setUsername(provider.username());
        pool.setPassword(provider.password());
        pool.setMaximumPoolSize(provider.maximumPoolSize());
        return pool;
    }

    /** A tenant that is bound inside the provider scope narrows it again: its transactions run as the application. */
    @Bean
    @Primary
    DataSource dataSource(@Qualifier("tenantPool") DataSource tenant, @Qualifier("providerPool") DataSource provider) {
        var routing = new AbstractRoutingDataSource() {
            @Override
            protected @Nullable Object determineCurrentLookupKey() {
                return ProviderScope.isEntered() && CurrentTenant.find().isEmpty() ? "provider" : "tenant";
            }
        };
        routing.setTargetDataSources(Map.of("tenant", tenant, "provider", provider));
        return routing;
    }

    @Bean
    PlatformTransactionManager transactionManager(DataSource pools) {
        return new TenantTransactionManager(pools);
    }

    /** Outside the transaction advice, so that the tenant is bound before the transaction begins. */
    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static Advisor tenantEventBinding() {
        MethodInterceptor bindTenant = call -> call.getArguments()[0] instanceof TenantEvent event
                ? CurrentTenant.callAs(event.tenantId(), call::proceed)
                : call.proceed();
        var advisor = new DefaultPointcutAdvisor(
                AnnotationMatchingPointcut.forMethodAnnotation(ApplicationModuleListener.class), bindTenant);
        advisor.setOrder(0);
        return advisor;
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static Advisor permissionCheck(ObjectProvider<Access> access) {
        return new RequiresInterceptor(access);
    }
}
