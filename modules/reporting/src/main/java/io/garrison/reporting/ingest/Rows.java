package io.garrison.reporting.ingest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Rows as one array per column, for statements over {@code unnest}: one round trip for any number of rows. */
public final class Rows {

    private Rows() {}

    /** @param type of PostgreSQL */
    public record Column<R>(String type, Function<R, @Nullable Object> value) {}

    /** @param before parameters of the statement that stand before the arrays */
    public static <R> PreparedStatement statement(
            Connection connection, String sql, int before, List<R> rows, List<Column<R>> columns) throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (var i = 0; i < columns.size(); i++) {
            var column = columns.get(i);
            var values = new @Nullable Object[rows.size()];
            for (var row = 0; row < values.length; row++) {
                values[row] = column.value().apply(rows.get(row));
            }
            statement.setArray(before + i + 1, connection.createArrayOf(column.type(), values));
        }
        return statement;
    }
}
