package io.garrison.embedded;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Starts processes from one thread that lives as long as the JVM. Linux delivers the parent-death signal when the
 * thread that started the child ends, not when its process does: started from a short-lived thread, a child that asked
 * for the signal would be killed at once.
 */
final class ChildSpawner {

    private static final LinkedBlockingQueue<FutureTask<Process>> REQUESTS = new LinkedBlockingQueue<>();

    static {
        Thread.ofPlatform().daemon().name("garrison-child-spawner").start(ChildSpawner::serve);
    }

    private ChildSpawner() {}

    static Process spawn(ProcessBuilder builder) throws IOException {
        var request = new FutureTask<>(builder::start);
        REQUESTS.add(request);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return request.get();
                } catch (InterruptedException e) {
                    interrupted = true; // the child may exist already: take it, so that nobody loses sight of it
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof IOException io) {
                        throw io;
                    }
                    throw new IllegalStateException("cannot start " + builder.command(), e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void serve() {
        while (true) {
            try {
                REQUESTS.take().run();
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt this thread, and its end would kill the children.
                continue;
            }
        }
    }
}
