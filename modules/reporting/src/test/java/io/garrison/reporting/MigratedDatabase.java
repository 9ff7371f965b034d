package io.garrison.reporting;

import com.zaxxer.hikari.HikariDataSource;
import io.garrison.embedded.PostgresServer;
import io.garrison.testing.TestPostgres;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The test server with the tables that reporting needs, and nothing else; for tests without a Spring context. */
public final class MigratedDatabase {

    private static final Map<String, HikariDataSource> POOLS = new ConcurrentHashMap<>();
    private static final MigratedDatabase SHARED = new MigratedDatabase();

    private final TestPostgres server = TestPostgres.shared();

    private MigratedDatabase() {
        var owner = owner();
        migrate(owner, "__root", "flyway_schema_history");
        migrate(owner, "reporting", "flyway_schema_history_reporting");
    }

    private static void migrate(DataSource owner, String module, String table) {
        Flyway.configure()
                .dataSource(owner)
                .locations("classpath:db/migration/" + module)
                .table(table)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }

    public static MigratedDatabase shared() {
        return SHARED;
    }

    public DataSource application() {
        return source(PostgresServer.APP, server.passwords().app());
    }

    public DataSource provider() {
        return source(PostgresServer.PROVIDER, server.passwords().provider());
    }

    /** For what the application itself never does, such as to go back to an earlier state. */
    public DataSource owner() {
        return source(PostgresServer.OWNER, server.passwords().owner());
    }

    /** A client as the application's role, with no tenant bound. */
    public JdbcClient asApplication() {
        return JdbcClient.create(application());
    }

    private DataSource source(String user, String password) {
        return POOLS.computeIfAbsent(user, name -> {
            var pool = new HikariDataSource();
            pool.setJdbcUrl(server.url());
            pool.setUsername(user);
            pool.setPassword(password);
            pool.setMaximumPoolSize(4);
            return pool;
        });
    }
}
