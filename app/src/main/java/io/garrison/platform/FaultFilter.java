package io.garrison.platform;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The outermost of the API's filters: what a filter behind it lets fall, and what the dispatcher refuses before it has
 * found a controller, is told as a problem as well.
 */
class FaultFilter extends OncePerRequestFilter {

    private final Problems problems;

    FaultFilter(Problems problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, new ToldErrors(response, problems));
        } catch (RuntimeException | ServletException | IOException | StackOverflowError e) {
            if (response.isCommitted() || Faults.isDisconnect(e)) {
                throw e; // the container breaks the connection off, so that half an answer is not taken for a whole one
            }
            response.resetBuffer();
            Faults.headers(e).forEach(response::setHeader);
            problems.write(response, Faults.tell(e));
        }
    }
}
