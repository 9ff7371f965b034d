package io.garrison.instances.edgeapi;

import io.garrison.instances.TelemetryIntake.IntakeUnavailable;
import io.garrison.tenancy.Refusal;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Tells edges why not. Before the advice for people, and for this package alone. */
@RestControllerAdvice(basePackageClasses = EdgeProblems.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class EdgeProblems {

    private static final Logger log = LoggerFactory.getLogger(EdgeProblems.class);

    @ExceptionHandler
    void refused(Refusal refusal, HttpServletResponse response) throws IOException {
        EdgeProblem.of(refusal).write(response);
    }

    @ExceptionHandler
    void unavailable(IntakeUnavailable e, HttpServletResponse response) throws IOException {
        EdgeProblem.unavailable("Telemetry can't be taken now. Keep it and try again.")
                .write(response);
    }

    @ExceptionHandler({
        DataAccessResourceFailureException.class,
        TransientDataAccessException.class,
        CannotCreateTransactionException.class
    })
    void databaseAway(Exception e, HttpServletResponse response) throws IOException {
        log.warn("the database does not answer an edge: {}", e.getMessage());
        EdgeProblem.unavailable("The database does not answer.").write(response);
    }

    /** A connection that broke on one side is nobody's fault. */
    @ExceptionHandler
    void gone(IOException e) {
        log.debug("an edge went away: {}", e.getMessage());
    }

    @ExceptionHandler
    void fault(Exception e, HttpServletResponse response) throws IOException {
        if (e instanceof ErrorResponse known) {
            var status = HttpStatus.valueOf(known.getStatusCode().value());
            EdgeProblem.of(
                            status,
                            "request." + status.name().toLowerCase(java.util.Locale.ROOT),
                            status.getReasonPhrase())
                    .write(response);
            return;
        }
        var incident = UUID.randomUUID();
        var what = e instanceof DataAccessException ? "database" : "fault";
        log.error("incident {} ({}) while answering an edge", incident, what, e);
        EdgeProblem.of(HttpStatus.INTERNAL_SERVER_ERROR, "fault", "Something went wrong here: incident " + incident)
                .write(response);
    }
}
