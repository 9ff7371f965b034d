package io.garrison.edge.cluster;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where this instance listens and where peers reach it; the two differ behind an address translation.
 *
 * @param bind one of this machine's addresses
 */
record OwnAddress(InetAddress bind, InetAddress reached) {

    /**
     * @param said by the settings; absent for the address that packets to management leave from
     * @throws IOException if there is no address, or none for that name
     */
    static OwnAddress of(@Nullable String said, URI gateway) throws IOException {
        if (said != null) {
            var reached = InetAddress.getByName(said);
            if (NetworkInterface.getByInetAddress(reached) != null) {
                return new OwnAddress(reached, reached);
            }
            return new OwnAddress(towards(gateway), reached);
        }
        var own = towards(gateway);
        return new OwnAddress(own, own);
    }

    /** A datagram socket that is connected sends nothing, but the kernel has chosen the source. */
    private static InetAddress towards(URI gateway) throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(gateway.getHost()), 9));
            return socket.getLocalAddress();
        }
    }
}
