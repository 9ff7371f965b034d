package io.garrison.edge.agent;

import io.garrison.edge.ha.bypass.TcpBypass;
import io.garrison.edge.haproxy.DataPlane;
import io.garrison.edge.sync.Reconciler;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Has the data plane's only writer change what HAProxy does. Whoever asks waits for it, but not for ever: the writer may
 * itself be waiting for who asks.
 */
record HaproxyPassing(DataPlane dataPlane, Reconciler reconciler, ExecutorService writer) implements TcpBypass.Plane {

    /** A reload takes a fraction of a second, and one of an HAProxy that hangs up to 5 s more. */
    private static final int PATIENCE_SECONDS = 12;

    @Override
    public void pass(boolean on) throws IOException {
        try {
            writer.submit(() -> {
                        change(on);
                        return on;
                    })
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            var cause = e.getCause();
            throw new IOException(
                    "HAProxy's configuration can't be changed: " + (cause == null ? e : cause).getMessage(), e);
        } catch (TimeoutException | RejectedExecutionException e) {
            throw new IOException("HAProxy's configuration is not changed yet", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void change(boolean on) throws IOException, InterruptedException {
        dataPlane.pass(on);
        reconciler.rerender();
        if (dataPlane.passes() != on) {
            // Whatever is applied later is to be of the kind that is in force.
            dataPlane.pass(!on);
            var error = reconciler.status().error();
            throw new IOException(error == null ? "nothing serves yet" : error.message());
        }
    }

    @Override
    public boolean passes() {
        return dataPlane.passes();
    }
}
