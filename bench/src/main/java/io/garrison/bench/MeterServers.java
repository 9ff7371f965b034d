package io.garrison.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.garrison.embedded.FileTrees;
import io.garrison.embedded.KafkaServer;
import io.garrison.embedded.PostgresOptions;
import io.garrison.embedded.PostgresPasswords;
import io.garrison.embedded.PostgresServer;
import io.garrison.reporting.ingest.KafkaSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** A durable PostgreSQL with the ledger's tables and a Kafka, as an installation runs them; gone when closed. */
final class MeterServers implements AutoCloseable {

    private static final String SUPERUSER = "postgres";
    private static final String KAFKA_PASSWORD = "benchmark";

    private final Path directory;
    private final PostgresPasswords passwords = PostgresPasswords.random();
    private final PostgresServer postgres;
    private final KafkaServer kafka;
    private final HikariDataSource provider;

    MeterServers() throws IOException {
        directory = Files.createTempDirectory("garrison-bench-");
        // The database's user passes through here.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        postgres = PostgresServer.start(
                new PostgresOptions(
                        directory.resolve("programs"),
                        directory.resolve("postgres"),
                        directory.resolve("postgres.log"),
                        0,
                        true),
                passwords);
        try {
            kafka = KafkaServer.start(directory.resolve("kafka"), directory.resolve("kafka.log"), 0, KAFKA_PASSWORD);
        } catch (RuntimeException e) {
            postgres.close();
            throw e;
        }
        provider = new HikariDataSource();
        provider.setJdbcUrl(postgres.url());
        provider.setUsername(PostgresServer.PROVIDER);
        provider.setPassword(passwords.provider());
        provider.setMaximumPoolSize(4);
        migrate("__root", "flyway_schema_history");
        migrate("reporting", "flyway_schema_history_reporting");
    }

    private void migrate(String module, String table) {
        Flyway.configure()
                .dataSource(postgres.url(), PostgresServer.OWNER, passwords.owner())
                .locations("classpath:db/migration/" + module)
                .table(table)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }

    /** Runs statements as the tables' owner. */
    void asOwner(String... statements) throws SQLException {
        run(PostgresServer.OWNER, passwords.owner(), statements);
    }

    /** Writes out what earlier work has left in memory, so that nobody pays for another's pages. */
    void checkpoint() throws SQLException {
        run(SUPERUSER, passwords.superuser(), "checkpoint");
    }

    private void run(String user, String password, String... statements) throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.url(), user, password);
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The pool of the role that the collectors use. */
    DataSource provider() {
        return provider;
    }

    KafkaSettings kafka() {
        return new KafkaSettings(
                kafka.bootstrap(),
                KafkaServer.USERNAME,
                KAFKA_PASSWORD,
                KafkaSettings.Mechanism.PLAIN,
                new KafkaSettings.Tls(false, null),
                12);
    }

    /** All that work on a record costs processor time in. */
    Map<String, Long> processes() {
        var processes = new LinkedHashMap<String, Long>();
        processes.put("java", ProcessHandle.current().pid());
        processes.put("kafka", kafka.pid());
        processes.put("postgresql", postgres.pid());
        return processes;
    }

    @Override
    public void close() throws IOException {
        provider.close();
        kafka.close();
        postgres.close();
        FileTrees.delete(directory);
    }
}
