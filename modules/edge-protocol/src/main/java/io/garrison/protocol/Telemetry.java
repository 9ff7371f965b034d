package io.garrison.protocol;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /edge/v1/telemetry}: a batch from one instance, at most 5,000 entries and 4 MiB. Answered 202 when Kafka
 * has it; meter records are kept by the edge until their {@link MeterAck} comes with a heartbeat answer.
 */
public record Telemetry(List<MeterRecord> meters, List<Sample> samples, List<AccessEvent> events) {

    public static final int MAX_ENTRIES = 5_000;

    public Telemetry {
        meters = Absent.orEmpty(meters);
        samples = Absent.orEmpty(samples);
        events = Absent.orEmpty(events);
    }

    /**
     * What one virtual service did in an interval; for charts, never for bills.
     *
     * @param id unique per instance; a repeat is the same sample
     * @param at end of the interval
     * @param seconds length of the interval
     * @param connectionsNow open at the end
     * @param latencyMs average total time of the requests that ended in the interval; -1 if none did
     */
    public record Sample(
            UUID id,
            Instant at,
            int seconds,
            String virtualService,
            long bytesIn,
            long bytesOut,
            long requests,
            long connections,
            long connectionsNow,
            long denied,
            long status2xx,
            long status3xx,
            long status4xx,
            long status5xx,
            double latencyMs,
            int membersUp,
            int membersTotal) {}

    /**
     * One request or TCP session, as the data plane logged it.
     *
     * @param id unique per instance; a repeat is the same event
     * @param status HTTP status, 0 for TCP and for broken requests
     * @param verdict ALLOWED, BLOCKED, DENIED_ADDRESS, RATE_LIMITED, BAD_REQUEST, NO_SERVER
     */
    public record AccessEvent(
            UUID id,
            Instant at,
            String virtualService,
            String clientAddress,
            int clientPort,
            @Nullable String method,
            @Nullable String host,
            @Nullable String path,
            @Nullable String userAgent,
            int status,
            long bytesIn,
            long bytesOut,
            double durationMs,
            @Nullable String pool,
            @Nullable String member,
            String terminationState,
            String verdict,
            @Nullable String requestId) {}
}
