package io.garrison.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.embedded.FileTrees;
import io.garrison.embedded.LoopbackPorts;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The application alone, as a container runs it, on servers that were prepared with the script that the chart brings. */
class ServeIT {

    private static final Path PROVISION = Path.of("..", "helm", "garrison", "files", "provision.sql");
    private static final List<String> ROLES = List.of("garrison_owner", "garrison_app", "garrison_provider");

    private Path directory;
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void createDirectory() throws IOException {
        directory = Files.createTempDirectory("garrison-serve-it-");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @AfterEach
    void leaveNothing() throws Exception {
        for (var process : processes.reversed()) {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
        FileTrees.delete(directory);
    }

    @Test
    void saysWhatItNeedsAndWhatIsWrongUsage() throws Exception {
        var serve = start("bare", Map.of(), "serve");
        var migrate = start("migrate-bare", Map.of(), "migrate");
        var unknown = start("unknown", Map.of(), "serve", "--data", "x");

        assertThat(serve.waitFor()).isEqualTo(1);
        assertThat(messages("bare"))
                .contains("garrison.mode (GARRISON_MODE) is not set")
                .contains("garrison.secrets.key-file (GARRISON_SECRETS_KEY_FILE) is not set")
                .doesNotContain("Exception");
        assertThat(migrate.waitFor()).isEqualTo(1);
        assertThat(messages("migrate-bare")).contains("spring.flyway.user (SPRING_FLYWAY_USER) is not set");
        assertThat(unknown.waitFor()).isEqualTo(2);
        assertThat(messages("unknown")).contains("--data").contains("usage: ./garrison serve");
    }

    @Test
    void servesOnAProvisionedDatabaseWithoutTheOwnersPassword() throws Exception {
        var servers = start(
                "servers",
                Map.of(),
                "servers",
                "--data",
                directory.resolve("data").toString());
        var ready = servers.inputReader().readLine();
        assertThat(ready).as(messages("servers")).startsWith("READY ");
        var settings = Path.of(ready.substring(6));
        provisionAnew(settings);

        var migration = start("migrate", Map.of(), "migrate", "--settings", settings.toString());
        assertThat(migration.waitFor()).as(messages("migrate")).isZero();
        var again = start("migrate-again", Map.of(), "migrate", "--settings", settings.toString());
        assertThat(again.waitFor()).as(messages("migrate-again")).isZero();
        assertThat(messages("migrate-again")).doesNotContain("Migrating schema");
        Files.delete(settings.resolve("spring.flyway.url"));
        Files.delete(settings.resolve("spring.flyway.user"));
        Files.delete(settings.resolve("spring.flyway.password"));
        int port = LoopbackPorts.free();
        var serve = start(
                "serve",
                Map.of(
                        "GARRISON_MODE", "cluster",
                        "SERVER_PORT", Integer.toString(port),
                        "GARRISON_HTTP_PUBLIC_URL", "https://console.example.com/",
                        "GARRISON_EDGE_PORT", Integer.toString(LoopbackPorts.free()),
                        "GARRISON_EDGE_HOSTNAMES", "edge.example.com"),
                "serve",
                "--settings",
                settings.toString());

        assertThat(serve.inputReader().readLine()).as(messages("serve")).isEqualTo("READY http://127.0.0.1:" + port);
        assertThat(status(port, "/readyz")).isEqualTo(200);
        assertThat(messages("serve"))
                .contains("https://console.example.com/setup?token=")
                .doesNotContain("Migrating schema");
        serve.destroy();
        assertThat(serve.waitFor()).isZero();
    }

    /** Takes away what the embedded server has prepared, and has the script make the same. */
    private static void provisionAnew(Path settings) throws IOException, SQLException {
        var url = Files.readString(settings.resolve("spring.datasource.url"));
        var passwords = new Properties();
        passwords.load(new StringReader(
                Files.readString(settings.resolveSibling("secrets").resolve("passwords.properties"))));
        try (var server = DriverManager.getConnection(
                url.replaceAll("/garrison$", "/postgres"), "postgres", passwords.getProperty("postgres.superuser"))) {
            var before = provisioned(server);
            run(server, "drop database garrison");
            for (var role : ROLES) {
                run(server, "drop role " + role);
            }
            for (var statement :
                    Files.readString(PROVISION).replaceAll("(?m)^--.*$", "").split(";")) {
                if (!statement.isBlank()) {
                    run(server, statement);
                }
            }
            assertThat(provisioned(server)).isEqualTo(before);
            for (var role : ROLES) {
                run(
                        server,
                        "alter role %s password '%s'"
                                .formatted(
                                        role,
                                        passwords.getProperty("postgres." + role.substring("garrison_".length()))));
            }
        }
    }

    private static String provisioned(Connection server) throws SQLException {
        try (var rows = server.createStatement().executeQuery("""
                select string_agg(concat_ws(' ', rolname, rolcanlogin, rolsuper, rolinherit, rolcreaterole, rolcreatedb,
                           rolreplication, rolbypassrls, rolconnlimit), E'\\n' order by rolname)
                       || E'\\n' || (select concat_ws(' ', pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datacl)
                                      from pg_database where datname = 'garrison')
                  from pg_roles where rolname like 'garrison%'""")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void run(Connection server, String statement) throws SQLException {
        try (var running = server.createStatement()) {
            running.execute(statement);
        }
    }

    private Process start(String name, Map<String, String> environment, String... words) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Djava.awt.headless=true",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                "io.garrison.GarrisonApplication"));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).redirectError(log(name).toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        processes.add(process);
        return process;
    }

    /** Without the test servers, which would answer for settings that are missing. */
    static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("garrison-testing") && !entry.contains("/testing/target/"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private Path log(String name) {
        return directory.resolve(name + ".txt");
    }

    private String messages(String name) throws IOException {
        return Files.readString(log(name));
    }

    private static int status(int port, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }
}
