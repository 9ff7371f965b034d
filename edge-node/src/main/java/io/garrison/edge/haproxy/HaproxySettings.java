package io.garrison.edge.haproxy;

import java.nio.file.Path;
import java.time.Duration;

/**
 * @param directory belongs to this instance's data plane alone; made if absent, mode 0700
 * @param binary the HAProxy program
 * @param maxConnections over all virtual services, 10–1,000,000; less if the hard limit of open files does not allow it
 * @param hardStopAfter how long a replaced worker may keep its open connections, 1 s – 24 h
 * @param accessLog whether requests are logged to {@link AccessLogReader}
 */
public record HaproxySettings(
        Path directory, Path binary, int maxConnections, Duration hardStopAfter, boolean accessLog) {

    /** Listeners, health checks, sockets and what is open during a reload. */
    private static final int RESERVED_FILES = 2_200;

    public HaproxySettings {
        directory = directory.toAbsolutePath().normalize();
        if (maxConnections < 10 || maxConnections > 1_000_000) {
            throw new IllegalArgumentException("maxConnections must be 10–1,000,000, not " + maxConnections);
        }
        if (hardStopAfter.compareTo(Duration.ofSeconds(1)) < 0 || hardStopAfter.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("hardStopAfter must be 1 s – 24 h, not " + hardStopAfter);
        }
    }

    /** These settings with no more connections than this process may have files open; each needs two. */
    HaproxySettings within(long openFiles) {
        int affordable = Math.toIntExact(Math.clamp((openFiles - RESERVED_FILES) / 2, 10, 1_000_000));
        return new HaproxySettings(directory, binary, Math.min(maxConnections, affordable), hardStopAfter, accessLog);
    }

    public static HaproxySettings in(Path directory) {
        return new HaproxySettings(directory, Path.of("/usr/sbin/haproxy"), 20_000, Duration.ofMinutes(5), true);
    }
}
