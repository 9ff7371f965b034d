package io.garrison.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** TCP ports of 127.0.0.1. */
public final class LoopbackPorts {

    private LoopbackPorts() {}

    /** A port that nobody listens on at this moment. */
    public static int free() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new EmbeddedException("No free port on 127.0.0.1", e);
        }
    }

    /**
     * The port itself, or a free one for 0.
     *
     * @param user who wants to listen, for the message
     * @param option how a person chooses another port, for the message
     * @throws EmbeddedException if somebody listens there already
     */
    public static int claim(int port, String user, String option) {
        if (port == 0) {
            return free();
        }
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true); // as the servers do: connections of a former run may still linger
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return port;
        } catch (IOException e) {
            throw new EmbeddedException(
                    "Port %d is needed for %s, but another program listens there; choose another port with %s."
                            .formatted(port, user, option),
                    e);
        }
    }
}
