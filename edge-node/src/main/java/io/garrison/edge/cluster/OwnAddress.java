package io.garrison.edge.cluster;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.util.List;
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

    /** Whether this machine still has the one, and peers still reach it at the other. */
    boolean holds(@Nullable String said) throws IOException {
        boolean here = NetworkInterface.getByInetAddress(bind) != null;
        return here && (said == null || List.of(InetAddress.getAllByName(said)).contains(reached));
    }

    /** What peers are told; absent as long as this machine has no address that others can reach. */
    static @Nullable String told(@Nullable String said, URI gateway) {
        return told(said, gateway, null);
    }

    /** @param listens where this instance does; of several addresses of this machine, that is the one to tell */
    static @Nullable String told(@Nullable String said, URI gateway, @Nullable OwnAddress listens) {
        if (said != null) {
            return said;
        }
        try {
            var own = listens == null ? towards(gateway) : listens.bind();
            return own.isLoopbackAddress() || own.isAnyLocalAddress() ? null : own.getHostAddress();
        } catch (IOException e) {
            return null;
        }
    }

    /** A datagram socket that is connected sends nothing, but the kernel has chosen the source. */
    private static InetAddress towards(URI gateway) throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(gateway.getHost()), 9));
            return socket.getLocalAddress();
        }
    }
}
