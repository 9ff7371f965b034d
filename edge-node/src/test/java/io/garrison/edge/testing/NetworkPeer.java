package io.garrison.edge.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** One end of a TCP exchange, as a process of its own so that it can live in a network namespace. */
public final class NetworkPeer {

    private static final int UP = 100_000;
    private static final int DOWN = 3_000_000;

    private NetworkPeer() {}

    public static void main(String[] words) throws IOException {
        var address = InetAddress.getByName(words[1]);
        int port = Integer.parseInt(words[2]);
        if (words[0].equals("serve")) {
            try (var listener = new ServerSocket(port, 5, address)) {
                System.out.println("READY");
                while (true) {
                    try (var socket = listener.accept()) {
                        socket.getInputStream().readNBytes(UP);
                        socket.getOutputStream().write(new byte[DOWN]);
                    } catch (IOException e) {
                        // it only looked whether somebody listens
                    }
                }
            }
        }
        try (var socket = new Socket(address, port)) {
            socket.getOutputStream().write(new byte[UP]);
            socket.shutdownOutput();
            System.out.println(socket.getInputStream().readAllBytes().length);
        }
    }
}
