package io.garrison.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedServicesIT {

    private static final EmbeddedServices.Ports ANY = new EmbeddedServices.Ports(0, 0, 0);

    private Path directory;

    @BeforeEach
    void createDirectory() throws IOException {
        directory = Files.createTempDirectory("garrison-embedded-it-");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @AfterEach
    void deleteDirectory() throws IOException {
        FileTrees.delete(directory);
    }

    @Test
    void dataSurviveARestartOfAllServers() throws Exception {
        try (var data = DataDirectory.open(directory);
                var services = EmbeddedServices.start(data, ANY)) {
            execute(services, "create table public.kept(what text)");
            execute(services, "insert into public.kept values ('row')");
            try (Admin admin = admin(services, services.kafka().password())) {
                admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                        .all()
                        .get();
            }
            assertThat(search(services, "PUT", "/kept", services.openSearch().password())
                            .statusCode())
                    .isEqualTo(200);
        }

        try (var data = DataDirectory.open(directory);
                var services = EmbeddedServices.start(data, ANY)) {
            assertThat(query(services, "select what from public.kept")).isEqualTo("row");
            try (Admin admin = admin(services, services.kafka().password())) {
                assertThat(admin.listTopics().names().get()).contains("kept");
            }
            assertThat(search(services, "HEAD", "/kept", services.openSearch().password())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void wrongPasswordsAreRefusedAndSecretsAreForTheirOwnerOnly() throws Exception {
        try (var data = DataDirectory.open(directory);
                var services = EmbeddedServices.start(data, ANY)) {
            try (Admin admin = admin(services, "wrong")) {
                assertThatThrownBy(() -> admin.listTopics().names().get())
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(SaslAuthenticationException.class);
            }
            assertThat(search(services, "GET", "/_cat/indices", "wrong").statusCode())
                    .isEqualTo(401);
            assertThat(search(services, "GET", "/", "wrong").statusCode()).isEqualTo(401);
            assertThatThrownBy(() ->
                            DriverManager.getConnection(services.postgres().url(), "garrison_app", "wrong"))
                    .isInstanceOf(SQLException.class);

            Path secrets = directory.resolve("secrets");
            assertThat(mode(secrets)).isEqualTo("rwx------");
            assertThat(mode(secrets.resolve("passwords.properties"))).isEqualTo("rw-------");
        }
    }

    @Test
    void killedServersServeAgainWithTheirData() throws Exception {
        try (var data = DataDirectory.open(directory);
                var services = EmbeddedServices.start(data, ANY)) {
            execute(services, "create table public.kept as select 'row' as what");
            long postgres = services.postgres().pid();
            long openSearch = services.openSearch().pid();

            kill(postgres);
            kill(openSearch);

            await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(() -> {
                assertThat(services.postgres().pid()).isNotEqualTo(postgres);
                assertThat(query(services, "select what from public.kept")).isEqualTo("row");
                assertThat(services.openSearch().pid()).isNotEqualTo(openSearch);
                assertThat(search(services, "GET", "/", services.openSearch().password())
                                .statusCode())
                        .isEqualTo(200);
            });
        }
    }

    @Test
    void aKilledOwnerLeavesNoServerBehindAndTheNextOneStarts() throws Exception {
        Process owner = owner();
        List<Long> servers = servers(owner);
        assertThat(servers).hasSize(3).allMatch(EmbeddedServicesIT::isAlive);

        owner.destroyForcibly().waitFor();
        try (var data = DataDirectory.open(directory);
                var services = EmbeddedServices.start(data, ANY)) {
            assertThat(query(services, "select 'serves'")).isEqualTo("serves");
        }

        assertThat(servers).noneMatch(EmbeddedServicesIT::isAlive);
    }

    @Test
    void aTakenPortIsNamedTogetherWithTheOptionThatChangesIt() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var data = DataDirectory.open(directory)) {
            int port = taken.getLocalPort();

            assertThatThrownBy(() -> EmbeddedServices.start(data, new EmbeddedServices.Ports(port, 0, 0)))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining("Port " + port)
                    .hasMessageContaining("--postgres-port");
        }
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void aDataDirectoryOpenedTwiceIsRefused() {
        try (var data = DataDirectory.open(directory)) {
            assertThatThrownBy(() -> DataDirectory.open(directory))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining("already runs")
                    .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
        }
    }

    @Test
    void aDataDirectoryIsTheOwnersUntilItIsKilledAndItsServersEndWithinTenSecondsByThemselves() throws Exception {
        Process owner = owner();
        List<Long> servers = servers(owner);
        assertThatThrownBy(() -> DataDirectory.open(directory))
                .hasMessageContaining("already runs")
                .hasMessageContaining(Long.toString(owner.pid()));
        assertThat(DataDirectory.ownerOf(directory)).contains(owner.toHandle());

        owner.destroyForcibly().waitFor();

        assertThat(DataDirectory.ownerOf(directory)).isEmpty();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(servers).noneMatch(EmbeddedServicesIT::isAlive));
        await().atMost(Duration.ofSeconds(15))
                .until(() -> ProcessHandle.allProcesses()
                        .noneMatch(process ->
                                process.info().commandLine().orElse("").contains(directory.toString())));
    }

    private Process owner() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OwnerMain.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String firstLine(Process process) throws IOException {
        BufferedReader reader = process.inputReader();
        String line = reader.readLine();
        assertThat(line).startsWith("PIDS ");
        return line;
    }

    private static List<Long> servers(Process owner) throws IOException {
        return Arrays.stream(firstLine(owner).substring("PIDS ".length()).split(" "))
                .map(Long::valueOf)
                .toList();
    }

    private static void kill(long pid) throws Exception {
        assertThat(new ProcessBuilder("sh", "-c", "kill -9 " + pid).start().waitFor(5, TimeUnit.SECONDS))
                .isTrue();
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static Connection connection(EmbeddedServices services) throws SQLException {
        Map<String, Object> properties = services.properties();
        return DriverManager.getConnection(
                properties.get("spring.flyway.url").toString(),
                properties.get("spring.flyway.user").toString(),
                properties.get("spring.flyway.password").toString());
    }

    private static void execute(EmbeddedServices services, String sql) throws SQLException {
        try (Connection connection = connection(services)) {
            connection.createStatement().execute(sql);
        }
    }

    private static String query(EmbeddedServices services, String sql) throws SQLException {
        try (Connection connection = connection(services);
                var rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Admin admin(EmbeddedServices services, String password) {
        return Admin.create(Map.of(
                "bootstrap.servers",
                services.kafka().bootstrap(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"garrison\" password=\""
                        + password + "\";"));
    }

    private static HttpResponse<String> search(EmbeddedServices services, String method, String path, String password)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            String credentials =
                    Base64.getEncoder().encodeToString(("garrison:" + password).getBytes(StandardCharsets.UTF_8));
            return client.send(
                    HttpRequest.newBuilder(URI.create(services.openSearch().url() + path))
                            .header("Authorization", "Basic " + credentials)
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
