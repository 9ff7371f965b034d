package io.garrison.platform;

import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.Refusal.FieldError;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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

    /** A refusal of which there is no more to say than HTTP does. */
    static ProblemDetail of(int status) {
        var detail = switch (status) {
            case 400 -> "This request cannot be read.";
            case 404 -> "There is nothing here, or it is not yours to see.";
            case 405 -> "This address does not take this method.";
            case 406 -> "The answer is JSON, which the Accept header does not allow.";
            case 415 -> "This address does not take a body of this Content-Type.";
            default -> null;
        };
        return of(status, code(status), detail, List.of());
    }

    static String code(int status) {
        return switch (status) {
            case 403 -> "forbidden";
            case 404 -> "not-found";
            case 405 -> "method-not-allowed";
            case 406 -> "not-acceptable";
            case 413 -> "payload-too-large";
            case 415 -> "unsupported-media-type";
            default -> status < 500 ? "malformed" : "internal";
        };
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
        byte[] bytes = text(problem).getBytes(StandardCharsets.UTF_8);
        response.setStatus(problem.getStatus());
        response.setContentType(MEDIA_TYPE);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    /** The document itself. */
    String text(ProblemDetail problem) {
        var body = new LinkedHashMap<String, @Nullable Object>();
        body.put("type", String.valueOf(problem.getType()));
        body.put("title", problem.getTitle());
        body.put("status", problem.getStatus());
        body.put("detail", problem.getDetail());
        if (problem.getProperties() != null) {
            body.putAll(problem.getProperties());
        }
        return json.writeValueAsString(body);
    }
}
