package io.garrison.edge.haproxy;

import java.nio.file.Path;
import java.time.Duration;

/**
 * @param directory belongs to this instance's data plane alone; made if absent, mode 0700
 * @param binary the HAProxy program
 * @param maxConnections over all virtual services, 10–1,000,000
 * @param hardStopAfter how long a replaced worker may keep its open connections, 1 s – 24 h
 * @param accessLog whether requests are logged to {@link AccessLogReader}
 */
public record HaproxySettings(
        Path directory, Path binary, int maxConnections, Duration hardStopAfter, boolean accessLog) {

    public HaproxySettings {
        directory = directory.toAbsolutePath().normalize();
        if (maxConnections < 10 || maxConnections > 1_000_000) {
            throw new IllegalArgumentException("maxConnections must be 10–1,000,000, not " + maxConnections);
        }
        if (hardStopAfter.compareTo(Duration.ofSeconds(1)) < 0 || hardStopAfter.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("hardStopAfter must be 1 s – 24 h, not " + hardStopAfter);
        }
    }

    public static HaproxySettings in(Path directory) {
        return new HaproxySettings(directory, Path.of("/usr/sbin/haproxy"), 20_000, Duration.ofMinutes(5), true);
    }
}
