package io.garrison.embedded;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PostgreSQL, Kafka and OpenSearch of one installation, and the properties by which the application finds them. */
public final class EmbeddedServices implements AutoCloseable {

    /** Loopback ports; 0 for any free one. */
    public record Ports(int postgres, int kafka, int openSearch) {}

    private static final Logger log = LoggerFactory.getLogger(EmbeddedServices.class);

    private final EmbeddedSecrets secrets;
    private final PostgresServer postgres;
    private final KafkaServer kafka;
    private final OpenSearchServer openSearch;

    private EmbeddedServices(
            EmbeddedSecrets secrets, PostgresServer postgres, KafkaServer kafka, OpenSearchServer openSearch) {
        this.secrets = secrets;
        this.postgres = postgres;
        this.kafka = kafka;
        this.openSearch = openSearch;
    }

    /**
     * Starts all three at once and returns when all serve.
     *
     * @throws EmbeddedException if one cannot be started; none runs then
     */
    public static EmbeddedServices start(DataDirectory data, Ports ports) {
        Path home = data.path();
        Path logs = data.logs();
        EmbeddedSecrets secrets = EmbeddedSecrets.of(home.resolve("secrets"));
        var postgresOptions = new PostgresOptions(
                home.resolve("programs"),
                home.resolve("postgres"),
                logs.resolve("postgres.log"),
                ports.postgres(),
                true);
        var postgres = inBackground(() -> PostgresServer.start(postgresOptions, secrets.postgres()));
        var kafka = inBackground(() ->
                KafkaServer.start(home.resolve("kafka"), logs.resolve("kafka.log"), ports.kafka(), secrets.kafka()));
        var openSearch = inBackground(() -> OpenSearchServer.start(
                home.resolve("opensearch"), logs.resolve("opensearch.log"), ports.openSearch(), secrets.openSearch()));
        try {
            return new EmbeddedServices(secrets, started(postgres), started(kafka), started(openSearch));
        } catch (EmbeddedException e) {
            stop(openSearch);
            stop(kafka);
            stop(postgres);
            throw e;
        }
    }

    /** Spring properties with the addresses and credentials of the servers. */
    public Map<String, Object> properties() {
        var properties = new LinkedHashMap<String, Object>();
        properties.put("spring.datasource.url", postgres.url());
        properties.put("spring.datasource.username", PostgresServer.APP);
        properties.put("spring.datasource.password", secrets.postgres().app());
        properties.put("spring.flyway.url", postgres.url());
        properties.put("spring.flyway.user", PostgresServer.OWNER);
        properties.put("spring.flyway.password", secrets.postgres().owner());
        properties.put("garrison.provider-datasource.url", postgres.url());
        properties.put("garrison.provider-datasource.username", PostgresServer.PROVIDER);
        properties.put(
                "garrison.provider-datasource.password", secrets.postgres().provider());
        properties.put("garrison.kafka.bootstrap", kafka.bootstrap());
        properties.put("garrison.kafka.username", KafkaServer.USERNAME);
        properties.put("garrison.kafka.password", kafka.password());
        properties.put("garrison.opensearch.url", openSearch.url());
        properties.put("garrison.opensearch.username", OpenSearchServer.USERNAME);
        properties.put("garrison.opensearch.password", openSearch.password());
        properties.put("garrison.secrets.key-file", secrets.keyFile().toString());
        return properties;
    }

    public PostgresServer postgres() {
        return postgres;
    }

    public KafkaServer kafka() {
        return kafka;
    }

    public OpenSearchServer openSearch() {
        return openSearch;
    }

    /** Stops the servers that take data first, the system of record last. */
    @Override
    public void close() {
        var kafkaEnd = inBackground(() -> closed(kafka));
        var openSearchEnd = inBackground(() -> closed(openSearch));
        await(kafkaEnd);
        await(openSearchEnd);
        postgres.close();
    }

    private static <T extends AutoCloseable> T closed(T server) throws Exception {
        server.close();
        return server;
    }

    private static <T> Future<T> inBackground(Callable<T> work) {
        var task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().name("garrison-embedded").start(task);
        return task;
    }

    private static <T> T started(Future<T> server) {
        try {
            return server.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EmbeddedException known) {
                throw known;
            }
            throw new EmbeddedException("Cannot start an embedded server: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedException("interrupted while starting", e);
        }
    }

    private static void stop(Future<? extends AutoCloseable> server) {
        try {
            server.get().close();
        } catch (Exception e) {
            // It never ran, which its starter has told already.
            log.debug("nothing to stop", e);
        }
    }

    private static void await(Future<?> end) {
        try {
            end.get();
        } catch (ExecutionException e) {
            log.warn("an embedded server does not stop", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
