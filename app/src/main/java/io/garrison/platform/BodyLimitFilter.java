package io.garrison.platform;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.WebUtils;

/** Reads the body of a request to the API as a whole, up to a limit, before anything looks at it. */
class BodyLimitFilter extends OncePerRequestFilter {

    /** A policy with full address lists fits. */
    static final int MAX_BYTES = 2 * 1024 * 1024;

    private final Problems problems;

    BodyLimitFilter(Problems problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        byte[] body;
        try {
            body = request.getContentLengthLong() > MAX_BYTES
                    ? new byte[MAX_BYTES + 1]
                    : request.getInputStream().readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            response.setHeader("Connection", "close");
            problems.write(response, Problems.of(400));
            return;
        }
        if (body.length > MAX_BYTES) {
            response.setHeader("Connection", "close");
            problems.write(
                    response,
                    Problems.of(
                            413,
                            "payload-too-large",
                            "A request body may have %d bytes.".formatted(MAX_BYTES),
                            List.of()));
            return;
        }
        chain.doFilter(new Buffered(request, body), response);
    }

    static byte[] bodyOf(HttpServletRequest request) {
        var buffered = WebUtils.getNativeRequest(request, Buffered.class);
        return buffered == null ? new byte[0] : buffered.body;
    }

    static final class Buffered extends HttpServletRequestWrapper {
        private final byte[] body;

        Buffered(HttpServletRequest request, byte[] body) {
            super(request);
            this.body = body;
        }

        @Override
        public ServletInputStream getInputStream() {
            var bytes = new ByteArrayInputStream(body);
            return new ServletInputStream() {
                @Override
                public int read() {
                    return bytes.read();
                }

                @Override
                public int read(byte[] buffer, int offset, int length) {
                    return bytes.read(buffer, offset, length);
                }

                @Override
                public boolean isFinished() {
                    return bytes.available() == 0;
                }

                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void setReadListener(ReadListener listener) {
                    throw new IllegalStateException("the body is there already");
                }
            };
        }

        @Override
        public BufferedReader getReader() {
            return new BufferedReader(new InputStreamReader(new ByteArrayInputStream(body), StandardCharsets.UTF_8));
        }
    }
}
