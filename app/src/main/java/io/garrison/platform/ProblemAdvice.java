package io.garrison.platform;

import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.Refusal.FieldError;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.ConstraintViolationException;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
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

    /** @throws Exception again, if half an answer is out: the container then breaks the connection off */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> fault(Exception e, HttpServletResponse response) throws Exception {
        if (response.isCommitted()) {
            throw e;
        }
        var headers = new HttpHeaders();
        Faults.headers(e).forEach(headers::set);
        return answer(Faults.tell(e), headers);
    }

    private static ResponseEntity<ProblemDetail> nothingHere() {
        return answer(Problems.of(404), new HttpHeaders());
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
}
