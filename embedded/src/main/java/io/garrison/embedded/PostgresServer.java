package io.garrison.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** One PostgreSQL on loopback, with the database and the roles that Garrison uses. */
public final class PostgresServer implements AutoCloseable {

    public static final String OWNER = "garrison_owner";
    public static final String APP = "garrison_app";
    public static final String PROVIDER = "garrison_provider";

    static final String SUPERUSER = "postgres";
    static final String DATABASE = "garrison";

    private static final String OPTION = "--postgres-port";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final SupervisedProcess process;
    private final int port;

    private PostgresServer(SupervisedProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Creates the data on first use, starts the server and creates roles and database where they are missing.
     *
     * @throws EmbeddedException if it cannot be started; the message says why
     */
    public static PostgresServer start(PostgresOptions options, PostgresPasswords passwords) {
        pidFile(options).awaitEndOfLeftover();
        int port = LoopbackPorts.claim(options.port(), "PostgreSQL", OPTION);
        try {
            Path binaries = PostgresBinaries.unpackedIn(options.binaries()).resolve("bin");
            Files.createDirectories(options.home());
            Files.setPosixFilePermissions(options.home(), PosixFilePermissions.fromString("rwx--x--x"));
            Path data = options.home().resolve("data");
            Unprivileged user = Unprivileged.forPaths(binaries.resolve("postgres"), data);
            new PostgresCluster(binaries, user, options).createIfAbsent(data, passwords.superuser());
            var process = SupervisedProcess.start(spec(options, binaries, user, data, port, passwords.superuser()));
            var server = new PostgresServer(process, port);
            try {
                PostgresProvisioning.provision(server.url(SUPERUSER), passwords);
            } catch (SQLException e) {
                server.close();
                throw new EmbeddedException("Cannot create the database's roles: " + e.getMessage(), e);
            }
            return server;
        } catch (IOException e) {
            throw new EmbeddedException("Cannot prepare PostgreSQL in " + options.home() + ": " + e.getMessage(), e);
        }
    }

    /** JDBC address of Garrison's database. */
    public String url() {
        return url(DATABASE);
    }

    public int port() {
        return port;
    }

    /** Process id of the running server; another one after a restart. */
    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.close();
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private static ChildSpec spec(
            PostgresOptions options, Path binaries, Unprivileged user, Path data, int port, String password) {
        var command = new ArrayList<>(user.prefix());
        command.addAll(
                List.of(binaries.resolve("postgres").toString(), "-D", data.toString(), "-p", Integer.toString(port)));
        setting(command, "listen_addresses=127.0.0.1");
        setting(command, "unix_socket_directories=");
        setting(command, "shared_buffers=128MB");
        setting(command, "max_connections=200");
        setting(command, "log_min_messages=warning");
        if (!options.durable()) {
            setting(command, "fsync=off");
            setting(command, "synchronous_commit=off");
            setting(command, "full_page_writes=off");
        }
        return new ChildSpec(
                "PostgreSQL",
                command,
                options.log(),
                pidFile(options),
                "INT",
                START_LIMIT,
                STOP_LIMIT,
                (process, output) -> serves(process, data, port, password));
    }

    private static PidFile pidFile(PostgresOptions options) {
        return new PidFile(options.home().resolve("server.pid"));
    }

    private static void setting(List<String> command, String setting) {
        command.add("-c");
        command.add(setting);
    }

    /** A connection alone proves nothing: an orphan of an earlier run may be listening on the same port. */
    private static boolean serves(Process process, Path data, int port, String password) {
        try {
            Path pidFile = data.resolve("postmaster.pid");
            if (!Files.isReadable(pidFile)) {
                return false;
            }
            List<String> lines = Files.readAllLines(pidFile);
            if (lines.isEmpty() || !lines.getFirst().strip().equals(Long.toString(process.pid()))) {
                return false;
            }
            var properties = new Properties();
            properties.setProperty("user", SUPERUSER);
            properties.setProperty("password", password);
            properties.setProperty("connectTimeout", "2");
            properties.setProperty("socketTimeout", "5");
            try (var connection =
                    DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", properties)) {
                return connection.isValid(2);
            }
        } catch (IOException | SQLException e) {
            return false;
        }
    }
}
