package io.garrison.licensing;

import io.garrison.licensing.Overage.Policy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How values of this module stand in its tables. */
final class Rows {

    private Rows() {}

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant optionalInstant(ResultSet row, String column) throws SQLException {
        var at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    static UUID uuid(ResultSet row, String column) throws SQLException {
        return row.getObject(column, UUID.class);
    }

    static Set<String> texts(ResultSet row, String column) throws SQLException {
        return Set.of((String[]) row.getArray(column).getArray());
    }

    static Overages overages(ResultSet row) throws SQLException {
        var overages = new EnumMap<Metric, Overage>(Metric.class);
        overages.put(Metric.INSTANCES, overage(row, "instances"));
        overages.put(Metric.THROUGHPUT_BPS, overage(row, "throughput_bps"));
        overages.put(Metric.VIRTUAL_SERVICES, overage(row, "virtual_services"));
        return new Overages(overages);
    }

    private static Overage overage(ResultSet row, String name) throws SQLException {
        return new Overage(
                Policy.valueOf(row.getString(name + "_overage")), row.getObject(name + "_ceiling", Long.class));
    }

    static Overcommit overcommit(ResultSet row) throws SQLException {
        return new Overcommit(Map.of(
                Metric.INSTANCES, new Factor(row.getBigDecimal("instances_overcommit")),
                Metric.THROUGHPUT_BPS, new Factor(row.getBigDecimal("throughput_bps_overcommit")),
                Metric.VIRTUAL_SERVICES, new Factor(row.getBigDecimal("virtual_services_overcommit"))));
    }

    /** As parameters {@code instancesFactor}, {@code throughputFactor} and {@code servicesFactor}. */
    static Map<String, Object> overcommit(Overcommit overcommit) {
        return Map.of(
                "instancesFactor", overcommit.of(Metric.INSTANCES).value(),
                "throughputFactor", overcommit.of(Metric.THROUGHPUT_BPS).value(),
                "servicesFactor", overcommit.of(Metric.VIRTUAL_SERVICES).value());
    }

    static Entitlements entitlements(ResultSet row) throws SQLException {
        return new Entitlements(
                row.getLong("instances"),
                row.getLong("throughput_bps"),
                row.getLong("virtual_services"),
                texts(row, "features"));
    }
}
