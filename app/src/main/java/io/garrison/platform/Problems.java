package io.garrison.platform;

import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.Refusal.FieldError;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The one form in which anything is refused: {@code application/problem+json} (RFC 9457) with a stable code. */
@Component
class Problems {

    static final String MEDIA_TYPE = "application/problem+json";

    private final JsonMapper json;

    Problems(JsonMapper json) {
        this.json = json;
    }

    static ProblemDetail of(int status, String code, @Nullable String detail, List<FieldError> errors) {
        var problem = ProblemDetail.forStatus(status);
        problem.setType(URI.create("urn:garrison:problem:" + code));
        var reason = HttpStatus.resolve(status);
        problem.setTitle(reason == null ? "Refused" : reason.getReasonPhrase());
        problem.setDetail(detail);
        problem.setProperty("code", code);
        problem.setProperty("errors", errors.stream().map(Problems::told).toList());
        return problem;
    }

    static ProblemDetail of(Refusal refusal) {
        return of(refusal.kind().status(), refusal.code(), refusal.getMessage(), refusal.errors());
    }

    private static Map<String, String> told(FieldError error) {
        return Map.of("field", error.field(), "code", error.code(), "message", error.message());
    }

    /** Tells a refusal from where no controller has been reached. */
    void write(HttpServletResponse response, Refusal refusal) throws IOException {
        if (refusal instanceof PlatformException.TooManyAttempts tooMany) {
            response.setHeader("Retry-After", Long.toString(tooMany.retryAfterSeconds));
        }
        if (refusal instanceof PlatformException.StillRunning) {
            response.setHeader("Retry-After", "1");
        }
        if (refusal.kind() == Refusal.Kind.UNAUTHENTICATED) {
            response.setHeader("WWW-Authenticate", "Bearer");
        }
        write(response, of(refusal));
    }

    void write(HttpServletResponse response, ProblemDetail problem) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        var body = new LinkedHashMap<String, @Nullable Object>();
        body.put("type", String.valueOf(problem.getType()));
        body.put("title", problem.getTitle());
        body.put("status", problem.getStatus());
        body.put("detail", problem.getDetail());
        if (problem.getProperties() != null) {
            body.putAll(problem.getProperties());
        }
        byte[] bytes = json.writeValueAsBytes(body);
        response.setStatus(problem.getStatus());
        response.setContentType(MEDIA_TYPE);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
