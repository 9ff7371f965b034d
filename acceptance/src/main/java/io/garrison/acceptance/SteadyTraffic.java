package io.garrison.acceptance;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A client that asks again and again, each time on a connection of its own, until it is closed. */
public final class SteadyTraffic implements AutoCloseable {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final CountingClient client;
    private final Thread thread;
    private volatile boolean over;
    private volatile Throwable failure;

    private SteadyTraffic(CountingClient client) {
        this.client = client;
        this.thread = Thread.ofPlatform().name("steady-traffic").daemon().start(this::ask);
    }

    public static SteadyTraffic of(CountingClient client) {
        return new SteadyTraffic(client);
    }

    private void ask() {
        try {
            for (long n = 0; !over; n++) {
                client.request("/size/" + n % 5_000 + "/steady");
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /** @throws AssertionError if a request was not answered, or by anything but 200 */
    @Override
    public void close() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw new AssertionError("after " + client.requests + " requests", failure);
        }
        if (!client.statuses.keySet().equals(Set.of(200))) {
            throw new AssertionError("statuses " + client.statuses);
        }
    }
}
