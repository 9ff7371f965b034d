package io.garrison.edge.cluster.link;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.jgroups.util.DefaultSocketFactory;

/** Every TCP socket that JGroups makes. */
final class PeerSockets extends DefaultSocketFactory {

    private final Admission admission;

    PeerSockets(Admission admission) {
        this.admission = admission;
    }

    @Override
    public Socket createSocket(String service) {
        return new PeerSocket(admission);
    }

    @Override
    public Socket createSocket(String service, String host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(String service, InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(String service, String host, int port, InetAddress local, int localPort)
            throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(String service, InetAddress host, int port, InetAddress local, int localPort)
            throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public ServerSocket createServerSocket(String service) throws IOException {
        return new PeerServerSocket(admission);
    }

    @Override
    public ServerSocket createServerSocket(String service, int port) throws IOException {
        return bound(new InetSocketAddress(port), 0);
    }

    @Override
    public ServerSocket createServerSocket(String service, int port, int backlog) throws IOException {
        return bound(new InetSocketAddress(port), backlog);
    }

    @Override
    public ServerSocket createServerSocket(String service, int port, int backlog, InetAddress address)
            throws IOException {
        return bound(new InetSocketAddress(address, port), backlog);
    }

    private Socket connected(InetSocketAddress to) throws IOException {
        var socket = new PeerSocket(admission);
        socket.connect(to, 2_000);
        return socket;
    }

    private ServerSocket bound(InetSocketAddress to, int backlog) throws IOException {
        var socket = new PeerServerSocket(admission);
        socket.bind(to, backlog);
        return socket;
    }
}
