package io.garrison.edge.haproxy;

import java.nio.file.Path;

/**
 * How to see from outside whether HAProxy is well.
 *
 * @param master socket of the master process, which the kernel closes when it ends
 * @param stats socket of the worker
 * @param pid file with the number of the master process
 * @param closing file of {@link ClosingConnections}
 */
public record HaproxySockets(Path master, Path stats, Path pid, Path closing) {

    /** @param directory as in {@link HaproxySettings#directory} */
    public static HaproxySockets of(Path directory) {
        var layout = Layout.of(directory.toAbsolutePath().normalize());
        return new HaproxySockets(
                layout.master(), layout.stats(), layout.sockets().resolve("haproxy.pid"), layout.closing());
    }
}
