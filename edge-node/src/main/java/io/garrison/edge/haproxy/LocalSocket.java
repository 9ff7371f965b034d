package io.garrison.edge.haproxy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * Connections to HAProxy's sockets that are there at once or not at all. A process that hangs takes no more connections,
 * and once its queue of them is full the kernel would let the next one wait without limit.
 */
public final class LocalSocket {

    private LocalSocket() {}

    /**
     * @return connected, and not blocking
     * @throws IOException if nobody listens, or too many wait already
     */
    public static SocketChannel connect(Path socket) throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.configureBlocking(false);
            if (!channel.connect(UnixDomainSocketAddress.of(socket))) {
                throw new IOException("too many connections to " + socket + " wait already");
            }
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }
}
