package io.garrison.platform;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells as a problem what the container refuses before any filter sees it, as an address with NUL or broken UTF-8. */
final class ProblemValve extends ErrorReportValve {

    private static final Logger log = LoggerFactory.getLogger(ProblemValve.class);

    private final Problems problems;

    ProblemValve(Problems problems) {
        this.problems = problems;
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable fault) {
        boolean untold =
                response.getStatus() >= 400 && response.getContentWritten() == 0 && response.setErrorReported();
        if (!untold || !canWrite(response)) {
            return;
        }
        try {
            response.setContentType(Problems.MEDIA_TYPE);
            var writer = response.getReporter();
            if (writer != null) {
                writer.write(problems.text(Problems.of(response.getStatus())));
                response.finishResponse();
            }
        } catch (IOException e) {
            log.debug("Who sent a bad request did not wait for the answer", e);
        }
    }

    private static boolean canWrite(Response response) {
        var allowed = new AtomicBoolean();
        response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, allowed);
        return allowed.get();
    }
}
