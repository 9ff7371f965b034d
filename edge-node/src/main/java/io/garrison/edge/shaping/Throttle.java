package io.garrison.edge.shaping;

import java.io.IOException;
import java.util.regex.Pattern;

/**
 * A device that passes what is led to it at a rate, in the order in which it came, and gives it back to where it was
 * taken from.
 */
record Throttle(Program ip, Program tc, String device) {

    private static final long NANOS = 1_000_000_000L;
    /** What may pass at once: the kernel wakes often enough for this. */
    private static final long BURST_NANOS = 4_000_000;

    private static final long LEAST_BURST = 20_000;
    /** How long a packet waits at most before it is dropped, which tells its sender to slow down. */
    private static final long QUEUE_NANOS = 100_000_000;

    private static final long LEAST_QUEUE = 128 << 10;
    private static final long MOST_QUEUE = 16 << 20;
    private static final Pattern LINK = Pattern.compile("\\d+: ([^:@\\s]+)[:@].*");

    /**
     * Nothing that waits is dropped when the rate changes.
     *
     * @return whether the device was made anew: what led to a former one leads nowhere
     */
    boolean pass(long bps) throws IOException {
        boolean made = !exists();
        if (made) {
            ip.run("link", "add", device, "type", "ifb");
        }
        ip.run("link", "set", device, "up");
        if (!tc.run("qdisc", "show", "dev", device).contains("qdisc htb 1: root")) {
            tc.run("qdisc", "replace", "dev", device, "root", "handle", "1:", "htb", "default", "1");
        }
        var rate = bps + "bit";
        var burst = Long.toString(Math.max(LEAST_BURST, bytes(bps, BURST_NANOS)));
        tc.run(
                "class", "replace", "dev", device, "parent", "1:", "classid", "1:1", "htb", "rate", rate, "ceil", rate,
                "burst", burst, "cburst", burst, "quantum", "60000");
        var queue = Long.toString(Math.clamp(bytes(bps, QUEUE_NANOS), LEAST_QUEUE, MOST_QUEUE));
        tc.run("qdisc", "replace", "dev", device, "parent", "1:1", "handle", "10:", "bfifo", "limit", queue);
        return made;
    }

    boolean exists() throws IOException {
        return ip.run("-o", "link", "show", "type", "ifb").lines().anyMatch(line -> {
            var link = LINK.matcher(line);
            return link.matches() && link.group(1).equals(device);
        });
    }

    void remove() throws IOException {
        if (exists()) {
            ip.run("link", "del", device);
        }
    }

    private static long bytes(long bps, long nanos) {
        return Math.round(bps / 8.0 * nanos / NANOS);
    }
}
