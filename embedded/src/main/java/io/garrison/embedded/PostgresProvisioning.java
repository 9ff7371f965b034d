package io.garrison.embedded;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Roles and database, each created where it is missing, so that an interrupted first start is completed. */
final class PostgresProvisioning {

    private PostgresProvisioning() {}

    static void provision(String url, PostgresPasswords passwords) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, PostgresServer.SUPERUSER, passwords.superuser());
                Statement statement = connection.createStatement()) {
            role(statement, PostgresServer.OWNER, passwords.owner());
            role(statement, PostgresServer.APP, passwords.app());
            role(statement, PostgresServer.PROVIDER, passwords.provider());
            if (!exists(statement, "select from pg_database where datname = '" + PostgresServer.DATABASE + "'")) {
                statement.execute("create database " + PostgresServer.DATABASE + " owner " + PostgresServer.OWNER);
            }
            String database = " on database " + PostgresServer.DATABASE;
            statement.execute("revoke all" + database + " from public");
            statement.execute(
                    "grant connect" + database + " to " + PostgresServer.APP + ", " + PostgresServer.PROVIDER);
        }
    }

    private static void role(Statement statement, String name, String password) throws SQLException {
        if (!exists(statement, "select from pg_roles where rolname = '" + name + "'")) {
            statement.execute("create role " + name
                    + " login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password "
                    + statement.enquoteLiteral(password));
        }
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (var rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }
}
