package io.garrison.edge.join;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;

/** Passes bytes from 127.0.0.2 on, so that one server is reached under a name that is not its own. */
final class Forward implements AutoCloseable {

    private final ServerSocket listener;

    Forward(String url) throws IOException {
        listener = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.2"));
        var target = URI.create(url);
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    var in = listener.accept();
                    var out = new Socket(target.getHost(), target.getPort());
                    pass(in, out);
                    pass(out, in);
                }
            } catch (IOException e) {
                // closed
            }
        });
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private static void pass(Socket from, Socket to) {
        Thread.ofVirtual().start(() -> {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException e) {
                // the other side closed
            }
        });
    }
}
