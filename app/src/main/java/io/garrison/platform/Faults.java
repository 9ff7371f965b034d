package io.garrison.platform;

import io.garrison.instances.TelemetryIntake.IntakeUnavailable;
import io.garrison.reporting.LogSearch.SearchUnavailable;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.ProblemDetail;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.util.DisconnectedClientHelper;

/** What to say of an exception that is no refusal: never its message, for that is about us. */
final class Faults {

    private static final Logger log = LoggerFactory.getLogger(Faults.class);

    private Faults() {}

    /** Logs it where it is news, and tells it: 400 for what cannot be read, 503 for an outage, 500 for all else. */
    static ProblemDetail tell(Throwable e) {
        if (isUnreadable(e)) {
            return Problems.of(400, "malformed", "This request cannot be read.", List.of());
        }
        if (isOutage(e)) {
            log.warn("A service that this request needs is not available: {}", e.toString());
            return Problems.of(
                    503, "unavailable", "A service that this needs is not available. Try again soon.", List.of());
        }
        if (e instanceof ErrorResponse known && known.getStatusCode().is4xxClientError()) {
            int status = known.getStatusCode().value();
            return Problems.of(status, Problems.code(status), known.getBody().getDetail(), List.of());
        }
        var incident = UUID.randomUUID();
        log.error("Incident {}", incident, e);
        var problem = Problems.of(
                500, "internal", "Something failed on our side. Tell us incident " + incident + ".", List.of());
        problem.setProperty("incident", incident.toString());
        return problem;
    }

    /** Headers that belong to {@link #tell}. */
    static Map<String, String> headers(Throwable e) {
        if (isOutage(e)) {
            return Map.of("Retry-After", "5");
        }
        return e instanceof ErrorResponse known ? known.getHeaders().toSingleValueMap() : Map.of();
    }

    /** Whether the caller has gone, so that there is nobody to tell. */
    static boolean isDisconnect(Throwable e) {
        return DisconnectedClientHelper.isClientDisconnectedException(e);
    }

    private static boolean isOutage(Throwable e) {
        return e instanceof IntakeUnavailable
                || e instanceof SearchUnavailable
                || e instanceof DataAccessResourceFailureException
                || e instanceof CannotCreateTransactionException
                || e instanceof QueryTimeoutException;
    }

    /** The container reads parameters when they are first asked for, and refuses broken ones where nobody expects it. */
    private static boolean isUnreadable(Throwable e) {
        return e instanceof RequestRejectedException
                || e.getClass().getName().equals("org.apache.tomcat.util.http.InvalidParameterException");
    }
}
