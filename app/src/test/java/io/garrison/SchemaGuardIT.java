package io.garrison;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.testing.TestPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;

/** The walls in the database, read from its catalogue after all migrations, and each rule seen red on a planted fault. */
@SpringBootTest(classes = GarrisonApplication.class, properties = "garrison.edge.port=0")
class SchemaGuardIT {

    /** Explained exceptions; everything else that a rule finds fails the build. */
    private static final List<String> EXPLAINED = List.of(
            // Only the provider makes tenants, and a slug is public: it stands in addresses.
            "L4 tenancy.tenant_slug_key",
            // Whoever shares a network has to be told that a number or an address is taken in it, and is not told by
            // whom.
            "L4 instances.network_claim_once",
            // It names the tenant's reseller, of which tenants have no rows; only the provider gives tenants to
            // resellers.
            "L5 tenancy.tenant.tenant_reseller_id_fkey",
            // It names the provider's licence, of which tenants have no rows; only the provider allocates from it.
            "L5 licensing.sub_license.sub_license_allocated_from_fkey");

    private static final String PLANT = """
            create schema planted;
            grant usage on schema planted to garrison_app;
            create table planted.good (tenant_id uuid not null, id uuid not null, primary key (tenant_id, id));
            call garrison.isolate('planted.good');
            grant select, insert on planted.good to garrison_app;
            """;

    @Test
    void hasNoHoleInTheWalls() throws SQLException, IOException {
        try (var connection = superuser()) {
            assertThat(lint(connection)).isSubsetOf(EXPLAINED);
        }
    }

    @Test
    void readsTheTablesOfEveryModule() throws SQLException {
        try (var connection = superuser();
                var rows = connection.createStatement().executeQuery("""
                        select count(distinct n.nspname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
                        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' where c.relkind = 'r'""")) {
            rows.next();
            assertThat(rows.getInt(1)).isGreaterThanOrEqualTo(4);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "L1  | alter table planted.good disable row level security",
                "L2  | alter table planted.good no force row level security",
                "L3  | drop policy tenant on planted.good; drop policy provider on planted.good; drop policy migration on planted.good",
                "L4  | alter table planted.good add column slug text unique",
                "L5  | create table planted.child (tenant_id uuid not null, id uuid primary key, other uuid references planted.parent); call garrison.isolate('planted.child')",
                "L6  | create view planted.all_good as select * from planted.good",
                "L7  | create materialized view planted.copy as select * from planted.good; grant select on planted.copy to garrison_app",
                "L8  | create function planted.jump() returns int language sql security definer as 'select 1'",
                "L9  | grant truncate on planted.good to garrison_app",
                "L10 | alter table planted.good owner to garrison_app",
                "L11 | create function planted.now_tenant() returns uuid language sql volatile as 'select null::uuid'; create policy slow on planted.good to garrison_app using (tenant_id = planted.now_tenant())",
                "L12 | create policy wide on planted.good to garrison_app using (true)",
            })
    void findsThePlantedFault(String rule, String fault) throws SQLException, IOException {
        try (var connection = superuser()) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute(PLANT);
                statement.execute("create table planted.parent (id uuid primary key)");
                assertThat(lint(connection)).as("before").isSubsetOf(EXPLAINED);

                statement.execute(fault);

                assertThat(lint(connection))
                        .filteredOn(finding -> finding.startsWith(rule + " planted"))
                        .isNotEmpty();
            } finally {
                connection.rollback();
            }
        }
    }

    private static List<String> lint(Connection connection) throws SQLException, IOException {
        try (var source = SchemaGuardIT.class.getResourceAsStream("/schema-guard.sql");
                var statement = connection.createStatement();
                var rows = statement.executeQuery(new String(source.readAllBytes(), StandardCharsets.UTF_8))) {
            var findings = new ArrayList<String>();
            while (rows.next()) {
                findings.add(rows.getString(1) + " " + rows.getString(2));
            }
            return findings;
        }
    }

    private static Connection superuser() throws SQLException {
        var postgres = TestPostgres.shared();
        return DriverManager.getConnection(
                postgres.url(), "postgres", postgres.passwords().superuser());
    }
}
