package io.garrison.instances;

import io.garrison.licensing.SubLicenseId;
import io.garrison.tenancy.CurrentTenant;
import java.time.Duration;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * What passed in each five minutes of the clock, by instance. The bytes of a report are taken as spread evenly over the
 * time since the report before it; what belongs to five minutes that licensing was told of already is left out.
 */
@Repository
class ThroughputWindows {

    static final Duration LENGTH = Duration.ofMinutes(5);

    /** Reports of the last seconds of a window are awaited for so long. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Whatever instances say, no sum runs over. */
    private static final long MOST_BYTES = 1_000_000_000_000_000_000L;

    private final JdbcClient jdbc;

    ThroughputWindows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Beginning of the window that this instant belongs to. */
    static Instant windowOf(Instant at) {
        long length = LENGTH.toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), length) * length);
    }

    /** The last window that is complete. */
    static Instant lastWhole(Instant now) {
        return windowOf(now.minus(PATIENCE)).minus(LENGTH);
    }

    void add(SubLicenseId subLicense, InstanceId instance, ShareRow.Span span, Instant now) {
        var open = lastWhole(now).plus(LENGTH);
        var from = now.minusMillis(
                Math.min(span.millis(), Duration.between(open, now).toMillis()));
        for (var window = windowOf(from); window.isBefore(now); window = window.plus(LENGTH)) {
            var begin = window.isAfter(from) ? window : from;
            var end = window.plus(LENGTH).isBefore(now) ? window.plus(LENGTH) : now;
            double part = (double) Duration.between(begin, end).toMillis() / span.millis();
            add(subLicense, instance, window, Math.round(span.bytesIn() * part), Math.round(span.bytesOut() * part));
        }
    }

    private void add(SubLicenseId subLicense, InstanceId instance, Instant window, long bytesIn, long bytesOut) {
        jdbc.sql("""
                        insert into instances.throughput_window as w
                            (tenant_id, instance_id, began_at, sub_license_id, bytes_in, bytes_out)
                        values (:tenant, :instance, :window, :subLicense, :bytesIn, :bytesOut)
                        on conflict (tenant_id, instance_id, began_at) do update
                            set bytes_in = least(w.bytes_in, :most) + excluded.bytes_in,
                                bytes_out = least(w.bytes_out, :most) + excluded.bytes_out""")
                .param("tenant", CurrentTenant.require().value())
                .param("instance", instance.value())
                .param("window", Sql.time(window))
                .param("subLicense", subLicense.value())
                .param("bytesIn", bytesIn)
                .param("bytesOut", bytesOut)
                .param("most", MOST_BYTES)
                .update();
    }

    /** The mean of the larger direction, all instances together, bit/s. */
    long meanBps(SubLicenseId subLicense, Instant window) {
        long bytes = jdbc.sql("""
                        select least(greatest(coalesce(sum(bytes_in), 0), coalesce(sum(bytes_out), 0)), ?)::bigint
                          from instances.throughput_window where sub_license_id = ? and began_at = ?""")
                .params(MOST_BYTES, subLicense.value(), Sql.time(window))
                .query(Long.class)
                .single();
        return Math.round(bytes * 8.0 / LENGTH.toSeconds());
    }

    void forget(SubLicenseId subLicense, Instant upTo) {
        jdbc.sql("delete from instances.throughput_window where sub_license_id = ? and began_at <= ?")
                .params(subLicense.value(), Sql.time(upTo))
                .update();
    }
}
