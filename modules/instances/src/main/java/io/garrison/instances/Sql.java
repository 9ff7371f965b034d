package io.garrison.instances;

import io.garrison.protocol.ProtocolJson;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values between Java and PostgreSQL. */
final class Sql {

    private Sql() {}

    static OffsetDateTime time(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    static Instant requiredInstant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static UUID uuid(ResultSet row, String column) throws SQLException {
        return row.getObject(column, UUID.class);
    }

    static String json(Object value) {
        return new String(ProtocolJson.write(value), StandardCharsets.UTF_8);
    }

    static <T> T read(String json, Class<T> type) {
        return ProtocolJson.read(json.getBytes(StandardCharsets.UTF_8), type);
    }
}
