package io.garrison.bench;

import io.garrison.edge.testing.JoinedStack;
import io.garrison.edge.testing.JoinedStack.Instance;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** How long a client that is blocked on one instance is served by the others. */
final class Blocking {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long PACE_MS = 5;
    private static final int MINUTES = 60;

    private Blocking() {}

    /** @return for every round and every other instance, ms from right before the command until that refuses the client */
    static List<Double> run(JoinedStack stack, int rounds) throws Exception {
        var taken = new ArrayList<Double>();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < rounds; round++) {
                var client = "127.1.0." + (round + 1);
                var first = stack.instances.get(round % stack.instances.size());
                var others =
                        stack.instances.stream().filter(one -> one != first).toList();
                for (var one : stack.instances) {
                    if (isRefused(one, client)) {
                        throw new IllegalStateException(client + " is refused before it is blocked");
                    }
                }
                // Agents look at a pace of their own; rounds must begin anywhere in it.
                TimeUnit.MILLISECONDS.sleep(100 + round * 37L % 250);
                long began = System.nanoTime();
                first.edge("block", client, "--minutes", Integer.toString(MINUTES), "--reason", "bench");
                var waiting = clients.invokeAll(others.stream()
                        .map(one -> (Callable<Double>) () -> untilRefused(one, client, began))
                        .toList());
                for (var one : waiting) {
                    taken.add(one.get());
                }
            }
        }
        return taken;
    }

    private static double untilRefused(Instance one, String client, long began)
            throws IOException, InterruptedException {
        while (!isRefused(one, client)) {
            if (System.nanoTime() - began > LIMIT.toNanos()) {
                throw new AssertionError(client + " is served after " + LIMIT);
            }
            TimeUnit.MILLISECONDS.sleep(PACE_MS);
        }
        return (System.nanoTime() - began) / 1e6;
    }

    private static boolean isRefused(Instance one, String client) throws IOException {
        return one.get(client).startsWith("403");
    }
}
