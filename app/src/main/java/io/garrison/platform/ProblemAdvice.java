package io.garrison.platform;

import io.garrison.instances.TelemetryIntake.IntakeUnavailable;
import io.garrison.reporting.LogSearch.SearchUnavailable;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.Refusal.FieldError;
import jakarta.validation.ConstraintViolationException;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Tells whatever goes wrong below {@code /api} as a problem; never a stack trace, never the message of a fault. */
@RestControllerAdvice(annotations = RestController.class)
class ProblemAdvice {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> refusal(Refusal refusal) {
        return answer(Problems.of(refusal), new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unreadable(HttpMessageNotReadableException e) {
        return answer(
                Problems.of(400, "malformed", "The request body cannot be read.", List.of(JsonFaults.explain(e))),
                new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> invalid(MethodArgumentNotValidException e) {
        var errors = e.getFieldErrors().stream()
                .map(error -> new FieldError(
                        error.getField(), code(error.getCode()), String.valueOf(error.getDefaultMessage())))
                .toList();
        return malformed(errors);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> invalid(HandlerMethodValidationException e) {
        var errors = e.getParameterValidationResults().stream()
                .flatMap(result -> result.getResolvableErrors().stream()
                        .map(error -> new FieldError(
                                String.valueOf(result.getMethodParameter().getParameterName()),
                                "invalid",
                                String.valueOf(error.getDefaultMessage()))))
                .toList();
        return malformed(errors);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> invalid(ConstraintViolationException e) {
        return malformed(e.getConstraintViolations().stream()
                .map(violation ->
                        new FieldError(violation.getPropertyPath().toString(), "invalid", violation.getMessage()))
                .toList());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> mistyped(MethodArgumentTypeMismatchException e) {
        if (e.getParameter().hasParameterAnnotation(PathVariable.class)) {
            return nothingHere(); // an id that can't be one names nothing
        }
        return malformed(List.of(new FieldError(e.getName(), "invalid", "This value is not of the expected form.")));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> missing(MissingServletRequestParameterException e) {
        return malformed(List.of(new FieldError(e.getParameterName(), "required", "This parameter is required.")));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> nothing(NoResourceFoundException e) {
        return nothingHere();
    }

    @ExceptionHandler({
        IntakeUnavailable.class,
        SearchUnavailable.class,
        DataAccessResourceFailureException.class,
        CannotCreateTransactionException.class,
        QueryTimeoutException.class
    })
    ResponseEntity<ProblemDetail> outage(Exception e) {
        log.warn("A service that this request needs is not available: {}", e.toString());
        var headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, "5");
        return answer(
                Problems.of(
                        503, "unavailable", "A service that this needs is not available. Try again soon.", List.of()),
                headers);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> fault(Exception e) {
        if (e instanceof ErrorResponse known && known.getStatusCode().is4xxClientError()) {
            int status = known.getStatusCode().value();
            return answer(
                    Problems.of(status, code(status), known.getBody().getDetail(), List.of()), known.getHeaders());
        }
        var incident = UUID.randomUUID();
        log.error("Incident {}", incident, e);
        var problem = Problems.of(
                500, "internal", "Something failed on our side. Tell us incident " + incident + ".", List.of());
        problem.setProperty("incident", incident.toString());
        return answer(problem, new HttpHeaders());
    }

    private static ResponseEntity<ProblemDetail> nothingHere() {
        return answer(
                Problems.of(404, "not-found", "There is nothing here, or it is not yours to see.", List.of()),
                new HttpHeaders());
    }

    /** In an order that does not depend on the validator's. */
    private static ResponseEntity<ProblemDetail> malformed(List<FieldError> errors) {
        var sorted = errors.stream()
                .sorted(Comparator.comparing(FieldError::field).thenComparing(FieldError::code))
                .toList();
        return answer(Problems.of(400, "malformed", "Some fields are not acceptable.", sorted), new HttpHeaders());
    }

    private static ResponseEntity<ProblemDetail> answer(ProblemDetail problem, HttpHeaders headers) {
        var all = new HttpHeaders(headers);
        all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (problem.getStatus() == 401) {
            all.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        return new ResponseEntity<>(problem, all, problem.getStatus());
    }

    private static String code(@Nullable String constraint) {
        return constraint == null
                ? "invalid"
                : constraint.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(java.util.Locale.ROOT);
    }

    private static String code(int status) {
        return switch (status) {
            case 404 -> "not-found";
            case 405 -> "method-not-allowed";
            case 406 -> "not-acceptable";
            case 413 -> "payload-too-large";
            case 415 -> "unsupported-media-type";
            default -> "malformed";
        };
    }
}
