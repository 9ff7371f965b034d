package io.garrison.reporting;

import io.garrison.protocol.Telemetry.AccessEvent;
import io.garrison.tenancy.http.Page;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Access events of the bound tenant, newest first. */
public interface LogSearch {

    int MAX_LIMIT = 500;

    /**
     * Finds events. All terms of the query must hold. A term is {@code field:value}, {@code field:"a value"},
     * {@code path:/api*}, {@code status:>=500}, {@code status:400..499}, {@code client:192.0.2.0/24}, or a word to be
     * found in method, host, path, user agent, service, pool, member, verdict or request id.
     *
     * @throws ReportingException.BadLogQuery with the position of what cannot be read
     * @throws ReportingException.BadCursor if {@code after} is none
     * @throws SearchUnavailable if OpenSearch does not answer
     */
    Page<LogLine> search(LogQuery query);

    /**
     * @param query empty for everything
     * @param limit 1 to {@link #MAX_LIMIT}
     */
    record LogQuery(
            String query,
            Instant from,
            Instant to,
            int limit,
            @Nullable String after) {}

    record LogLine(UUID stackId, UUID instanceId, AccessEvent event) {}

    /** OpenSearch does not answer now. Nothing is lost; events wait in Kafka. */
    final class SearchUnavailable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public SearchUnavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
