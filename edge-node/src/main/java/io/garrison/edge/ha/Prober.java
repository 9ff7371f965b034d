package io.garrison.edge.ha;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Asks for a new TCP connection every 5 ms and sees for how long none was granted. */
final class Prober {

    private static final long PACE_NANOS = 5_000_000;
    private static final int PATIENCE_MS = 100;

    private Prober() {}

    /** @param longestGapMs between two probes that were answered, or from the last one to the end */
    record Seen(int probes, int failed, long longestGapMs) {
        int answered() {
            return probes - failed;
        }
    }

    static Seen run(InetSocketAddress service, Duration span) throws InterruptedException {
        long now = System.nanoTime();
        long end = now + span.toNanos();
        long answered = now;
        long gap = 0;
        int probes = 0;
        int failed = 0;
        while (now < end) {
            long next = now + PACE_NANOS;
            probes++;
            boolean good = isAnswered(service);
            now = System.nanoTime();
            if (good) {
                gap = Math.max(gap, now - answered);
                answered = now;
            } else {
                failed++;
            }
            if (next > now) {
                TimeUnit.NANOSECONDS.sleep(next - now);
                now = System.nanoTime();
            }
        }
        gap = Math.max(gap, now - answered);
        return new Seen(probes, failed, TimeUnit.NANOSECONDS.toMillis(gap));
    }

    private static boolean isAnswered(InetSocketAddress service) {
        try (var socket = new Socket()) {
            socket.setReuseAddress(true);
            // Reset at the end, or thousands of connections would wait for late packets.
            socket.setSoLinger(true, 0);
            socket.connect(service, PATIENCE_MS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
