package io.garrison;

import io.garrison.testing.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** The tests' database as its superuser sees it, past every policy. */
public final class TestDatabase {

    private TestDatabase() {}

    public static long count(String query) {
        try (var connection = connect();
                var rows = connection.createStatement().executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void execute(String statements) {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(statements);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Connection connect() throws SQLException {
        var postgres = TestPostgres.shared();
        return DriverManager.getConnection(
                postgres.url(), "postgres", postgres.passwords().superuser());
    }
}
