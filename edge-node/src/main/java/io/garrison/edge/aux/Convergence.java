package io.garrison.edge.aux;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The latest measurements of how long shared state takes to arrive. */
final class Convergence {

    static final int SAMPLES = 600;

    private final double[] latest = new double[SAMPLES];
    private int taken;

    /** @param millis less than 0 counts as 0: the clock of whoever sent it is ahead */
    synchronized void add(double millis) {
        latest[taken++ % SAMPLES] = Math.max(0, millis);
        if (taken == 2 * SAMPLES) {
            taken = SAMPLES;
        }
    }

    synchronized int samples() {
        return Math.min(taken, SAMPLES);
    }

    /** The smallest value that 95 of 100 do not exceed; null without any. */
    synchronized @Nullable Double p95() {
        int n = samples();
        if (n == 0) {
            return null;
        }
        var sorted = Arrays.copyOf(latest, n);
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(n * 0.95) - 1];
    }
}
