package io.garrison.bench;

import io.garrison.reporting.ingest.KafkaSettings;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.TenantDirectory;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantState;
import io.garrison.tenancy.TenantSummary;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.context.LifecycleProcessor;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The product's own way of a meter record from Kafka into the ledger; only the tenants of the workload are made up. */
@Configuration
@ComponentScan(
        basePackages = {"io.garrison.reporting.ingest", "io.garrison.reporting.usage"},
        useDefaultFilters = false,
        lazyInit = true,
        includeFilters =
                @ComponentScan.Filter(
                        type = FilterType.REGEX,
                        pattern = {
                            ".*\\.ingest\\.(KafkaClients|KafkaTopics|OffsetStore|DeadLetters|BatchWriter|Collectors)",
                            ".*\\.usage\\.(MeterSink|MeterTables)"
                        }))
class MeterPipeline {

    /** Not started; {@code telemetry} is the bean that runs the collectors. */
    static AnnotationConfigApplicationContext on(MeterServers servers) {
        var context = new AnnotationConfigApplicationContext();
        context.registerBean(KafkaSettings.class, servers::kafka);
        context.registerBean(DataSource.class, servers::provider, definition -> definition.setDestroyMethodName(null));
        context.registerBean("lifecycleProcessor", LifecycleProcessor.class, ByHand::new);
        context.register(MeterPipeline.class);
        context.refresh();
        return context;
    }

    /** The benchmark says when to collect. */
    private static final class ByHand implements LifecycleProcessor {
        @Override
        public void onRefresh() {}

        @Override
        public void onClose() {}

        @Override
        public void start() {}

        @Override
        public void stop() {}

        @Override
        public boolean isRunning() {
            return false;
        }
    }

    @Bean
    JdbcTemplate template(DataSource pool) {
        return new JdbcTemplate(pool);
    }

    @Bean
    JdbcClient client(DataSource pool) {
        return JdbcClient.create(pool);
    }

    @Bean
    PlatformTransactionManager transactionManager(DataSource pool) {
        return new JdbcTransactionManager(pool);
    }

    @Bean
    TransactionTemplate transactions(PlatformTransactionManager manager) {
        return new TransactionTemplate(manager);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** Asked once a poll; each tenant of the workload is there. */
    @Bean
    TenantDirectory tenants() {
        return new TenantDirectory() {
            @Override
            public Optional<TenantSummary> find(TenantId id) {
                return Optional.of(new TenantSummary(
                        id,
                        "t",
                        "T",
                        DeploymentMode.CLUSTER,
                        "t@example.com",
                        ZoneOffset.UTC,
                        TenantState.ACTIVE,
                        Instant.EPOCH,
                        1));
            }

            @Override
            public List<TenantSummary> all() {
                return List.of();
            }

            @Override
            public List<TenantSummary> among(Collection<TenantId> ids) {
                return ids.stream().flatMap(id -> find(id).stream()).toList();
            }

            @Override
            public Set<TenantId> keep(Collection<TenantId> ids) {
                return among(ids).stream()
                        .filter(tenant -> tenant.state() != TenantState.DELETING)
                        .map(TenantSummary::id)
                        .collect(Collectors.toSet());
            }
        };
    }

    /** There is nothing suspicious in the workload, so an entry would be a fault. */
    @Bean
    AuditTrail audit() {
        return (action, type, id, details) -> {
            throw new IllegalStateException(action + " " + id);
        };
    }
}
