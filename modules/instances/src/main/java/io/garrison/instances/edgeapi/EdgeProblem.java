package io.garrison.instances.edgeapi;

import io.garrison.instances.InstanceException.TooManyRequests;
import io.garrison.protocol.ProtocolJson;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.Refusal.FieldError;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;

/** An RFC 9457 problem, as edges are told it. */
record EdgeProblem(int status, String code, String detail, List<FieldError> errors, long retryAfterSeconds) {

    static EdgeProblem of(Refusal refusal) {
        return new EdgeProblem(
                refusal.kind().status(),
                refusal.code(),
                String.valueOf(refusal.getMessage()),
                refusal.errors(),
                refusal instanceof TooManyRequests many ? many.retryAfterSeconds() : 0);
    }

    /** Something that we need does not answer. */
    static EdgeProblem unavailable(String detail) {
        return new EdgeProblem(503, "unavailable", detail, List.of(), 5);
    }

    static EdgeProblem of(HttpStatus status, String code, String detail) {
        return new EdgeProblem(status.value(), code, detail, List.of(), 0);
    }

    void write(HttpServletResponse response) throws IOException {
        response.setStatus(status);
        response.setContentType("application/problem+json");
        response.setHeader("Cache-Control", "no-store");
        if (retryAfterSeconds > 0) {
            response.setHeader("Retry-After", Long.toString(retryAfterSeconds));
        }
        var body = ProtocolJson.write(Map.of(
                "type", "urn:garrison:problem:" + code,
                "title", HttpStatus.valueOf(status).getReasonPhrase(),
                "status", status,
                "detail", detail,
                "code", code,
                "errors", errors));
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
