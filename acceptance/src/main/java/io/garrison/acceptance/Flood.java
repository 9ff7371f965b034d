package io.garrison.acceptance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** As much as TCP lets through, as a process of its own so that it can live in a network namespace. */
public final class Flood {

    private static final int PIECE = 1 << 16;

    private Flood() {}

    /** {@code serve ADDRESS PORT} sends to whoever connects; {@code take ADDRESS PORT CONNECTIONS} takes it. */
    public static void main(String[] words) throws IOException {
        var address = InetAddress.getByName(words[1]);
        int port = Integer.parseInt(words[2]);
        if (words[0].equals("take")) {
            for (int i = 0; i < Integer.parseInt(words[3]); i++) {
                var socket = new Socket(address, port);
                Thread.ofPlatform().start(() -> take(socket));
            }
            return;
        }
        try (var listener = new ServerSocket(port, 50, address)) {
            System.out.println("READY");
            while (true) {
                var socket = listener.accept();
                Thread.ofPlatform().start(() -> send(socket));
            }
        }
    }

    private static void take(Socket socket) {
        var piece = new byte[PIECE];
        try (socket) {
            while (socket.getInputStream().read(piece) >= 0) {
                // it is nobody's
            }
        } catch (IOException e) {
            System.out.println(e);
        }
    }

    private static void send(Socket socket) {
        var piece = new byte[PIECE];
        try (socket) {
            while (true) {
                socket.getOutputStream().write(piece);
            }
        } catch (IOException e) {
            // it is gone
        }
    }
}
