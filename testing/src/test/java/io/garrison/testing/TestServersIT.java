package io.garrison.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.core.env.Environment;

class TestServersIT {

    @Test
    void everyRoleReachesTheDatabaseWithTheConfiguredPassword() throws SQLException {
        Environment environment = environment();

        assertThat(user(
                        environment,
                        "spring.datasource.url",
                        "spring.datasource.username",
                        "spring.datasource.password"))
                .isEqualTo("garrison_app");
        assertThat(user(environment, "spring.flyway.url", "spring.flyway.user", "spring.flyway.password"))
                .isEqualTo("garrison_owner");
        assertThat(user(
                        environment,
                        "garrison.provider-datasource.url",
                        "garrison.provider-datasource.username",
                        "garrison.provider-datasource.password"))
                .isEqualTo("garrison_provider");
    }

    @Test
    void aWrongPasswordIsRefused() {
        String url = TestPostgres.shared().url();

        assertThatThrownBy(() -> DriverManager.getConnection(url, "garrison_app", "wrong"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void noRoleIsPrivileged() throws SQLException {
        var postgres = TestPostgres.shared();
        try (Connection owner = DriverManager.getConnection(
                        postgres.url(), "garrison_owner", postgres.passwords().owner());
                var rows = owner.createStatement()
                        .executeQuery("select count(*) from pg_roles where rolname like 'garrison_%' and"
                                + " not (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)")) {
            rows.next();
            assertThat(rows.getInt(1)).isEqualTo(3);
        }
    }

    @Test
    void theApplicationMayNotCreateTables() throws SQLException {
        var postgres = TestPostgres.shared();
        try (Connection app = DriverManager.getConnection(
                postgres.url(), "garrison_app", postgres.passwords().app())) {
            assertThatThrownBy(() -> app.createStatement().execute("create table public.mine()"))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void kafkaAndOpenSearchStartWhenATestAsksForThem() throws Exception {
        assertThat(TestKafka.properties()).containsEntry("garrison.kafka.bootstrap", TestKafka.bootstrap());
        String[] address = TestKafka.bootstrap().split(":");
        try (var socket = new Socket(address[0], Integer.parseInt(address[1]))) {
            assertThat(socket.isConnected()).isTrue();
        }
        try (var client = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(URI.create(TestOpenSearch.url())).build();
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    private static String user(Environment environment, String url, String user, String password) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        environment.getRequiredProperty(url),
                        environment.getRequiredProperty(user),
                        environment.getRequiredProperty(password));
                var rows = connection.createStatement().executeQuery("select current_user")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Environment environment() {
        var application = new SpringApplication(TestServersIT.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        try (var context = application.run()) {
            return context.getEnvironment();
        }
    }
}
