package io.garrison.guards;

import io.garrison.testing.TestPostgres;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the database holds, table by table, so that a test can see that nothing at all was changed. */
public final class DatabaseContents {

    /** The installation notes every minute, and whenever it looks, how late it is. That is no change by a request. */
    private static final String CLOCK = "time_seen";

    private DatabaseContents() {}

    /** @return number of rows and a digest of them, by table */
    public static Map<String, String> read() throws SQLException {
        var postgres = TestPostgres.shared();
        try (var connection = DriverManager.getConnection(
                        postgres.url(), "postgres", postgres.passwords().superuser());
                var statement = connection.createStatement()) {
            var tables = new ArrayList<String>();
            try (var rows = statement.executeQuery("""
                    select format('%I.%I', schemaname, tablename) from pg_tables
                    where schemaname not in ('pg_catalog', 'information_schema')""")) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            var query = tables.stream().map(DatabaseContents::digest).collect(Collectors.joining(" union all "));
            var contents = new TreeMap<String, String>();
            try (var rows = statement.executeQuery(query)) {
                while (rows.next()) {
                    contents.put(rows.getString(1), rows.getString(2));
                }
            }
            return contents;
        }
    }

    private static String digest(String table) {
        return """
                select '%s', count(*) || ' ' || coalesce(md5(string_agg(x.content, '' order by x.content)), '')
                from (select (to_jsonb(t) - '%s')::text as content from %s t) x
                """.formatted(table, CLOCK, table);
    }
}
