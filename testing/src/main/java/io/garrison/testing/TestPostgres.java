package io.garrison.testing;

import io.garrison.embedded.PostgresOptions;
import io.garrison.embedded.PostgresPasswords;
import io.garrison.embedded.PostgresServer;
import java.nio.file.Path;

/**
 * The PostgreSQL of this JVM's tests: the three roles and an empty database, without durability. Started on first use,
 * gone with all its data when the JVM ends.
 */
public final class TestPostgres {

    private static final TestPostgres INSTANCE = start();

    private final PostgresServer server;
    private final PostgresPasswords passwords;

    private TestPostgres(PostgresServer server, PostgresPasswords passwords) {
        this.server = server;
        this.passwords = passwords;
    }

    public static TestPostgres shared() {
        return INSTANCE;
    }

    /** JDBC address of the database. */
    public String url() {
        return server.url();
    }

    public int port() {
        return server.port();
    }

    public PostgresPasswords passwords() {
        return passwords;
    }

    private static TestPostgres start() {
        Path directory = TestDirectory.shared();
        var passwords = PostgresPasswords.random();
        var options = new PostgresOptions(
                TestDirectory.sharedBinaries(),
                directory.resolve("postgres"),
                directory.resolve("postgres.log"),
                0,
                false);
        var server = PostgresServer.start(options, passwords);
        TestDirectory.closeAtExit(server);
        return new TestPostgres(server, passwords);
    }
}
