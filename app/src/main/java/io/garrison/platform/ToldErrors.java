package io.garrison.platform;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Tells as a problem what would else be told by the container's page for errors. */
final class ToldErrors extends HttpServletResponseWrapper {

    private final HttpServletResponse response;
    private final Problems problems;

    ToldErrors(HttpServletResponse response, Problems problems) {
        super(response);
        this.response = response;
        this.problems = problems;
    }

    @Override
    public void sendError(int status) throws IOException {
        response.resetBuffer();
        problems.write(response, Problems.of(status));
    }

    @Override
    public void sendError(int status, @Nullable String message) throws IOException {
        sendError(status);
    }
}
