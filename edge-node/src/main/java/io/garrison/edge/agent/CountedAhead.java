package io.garrison.edge.agent;

import io.garrison.edge.haproxy.DataPlane;
import io.garrison.protocol.Policy;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the kernel count where a configuration will serve, before it does.
 *
 * @param thread the meter's only user
 */
record CountedAhead(ExecutorService thread, Counting counting) implements DataPlane.TakeOver {

    private static final Logger log = LoggerFactory.getLogger(CountedAhead.class);
    private static final long PATIENCE_SECONDS = 10;

    @Override
    public void begins(Policy policy) {
        expect(policy);
    }

    @Override
    public void failed() {
        expect(Policy.EMPTY);
    }

    /** Waits, but not for long: clients come first, and a rule that comes late is told to the meter. */
    private void expect(Policy policy) {
        try {
            thread.submit(() -> counting.expect(policy)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.warn("The kernel may count a little late for the new configuration: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
