package io.garrison.reporting.ingest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Rows as one array per column, for statements over {@code unnest}: one round trip for any number of rows. */
public final class Rows {

    private Rows() {}

    /**
     * One column of the rows.
     *
     * @param type of PostgreSQL
     * @param array an array of objects, which travel as the text that each makes of itself, or of primitives, which
     *     travel as they are and cost a fraction
     */
    public record Column<R>(String type, Function<List<R>, Object> array) {

        /**
         * @param value whose {@code toString} is PostgreSQL's text form of the type; an {@link java.time.Instant} and not a
         *     timestamp of JDBC, whose text is local time and says one thing twice in the hour that comes twice
         */
        public static <R> Column<R> each(String type, Function<R, @Nullable Object> value) {
            return new Column<>(type, rows -> {
                var values = new @Nullable Object[rows.size()];
                for (var row = 0; row < values.length; row++) {
                    values[row] = value.apply(rows.get(row));
                }
                return values;
            });
        }

        /** A {@code bigint}. */
        public static <R> Column<R> numbers(ToLongFunction<R> value) {
            return new Column<>("int8", rows -> {
                var values = new long[rows.size()];
                for (var row = 0; row < values.length; row++) {
                    values[row] = value.applyAsLong(rows.get(row));
                }
                return values;
            });
        }

        /** A {@code boolean}. */
        public static <R> Column<R> flags(Predicate<R> value) {
            return new Column<>("bool", rows -> {
                var values = new boolean[rows.size()];
                for (var row = 0; row < values.length; row++) {
                    values[row] = value.test(rows.get(row));
                }
                return values;
            });
        }
    }

    /** @param before parameters of the statement that stand before the arrays */
    public static <R> PreparedStatement statement(
            Connection connection, String sql, int before, List<R> rows, List<Column<R>> columns) throws SQLException {
        var statement = connection.prepareStatement(sql);
        set(statement, before, rows, columns);
        return statement;
    }

    /** Sets one parameter per column, after {@code before} others. */
    public static <R> void set(PreparedStatement statement, int before, List<R> rows, List<Column<R>> columns)
            throws SQLException {
        var arrays = statement.getConnection().unwrap(PGConnection.class);
        for (var i = 0; i < columns.size(); i++) {
            var column = columns.get(i);
            statement.setArray(
                    before + i + 1,
                    arrays.createArrayOf(column.type(), column.array().apply(rows)));
        }
    }
}
