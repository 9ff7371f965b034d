package io.garrison.edge.cluster.link;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts peers only: an address that is not allowed is turned away at once, and whoever is slow or silent in the
 * handshake holds up nobody else.
 */
final class PeerServerSocket extends ServerSocket {

    private static final int HANDSHAKES_AT_ONCE = 8;
    private static final int WAITING = 32;
    private static final long LOOK_MS = 500;

    /** After a connection that the machine could not take; a peer waits in the queue meanwhile. */
    private static final long PAUSE_MS = 100;

    private static final Logger log = LoggerFactory.getLogger(PeerServerSocket.class);

    private final Admission admission;
    private final LinkedBlockingQueue<Socket> admitted = new LinkedBlockingQueue<>(WAITING);
    private final ThreadPoolExecutor handshakes = new ThreadPoolExecutor(
            0,
            HANDSHAKES_AT_ONCE,
            5,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().name("peer-handshake-", 0).daemon().factory());
    private @Nullable Thread door;
    /** Belongs to the door. */
    private boolean failing;

    PeerServerSocket(Admission admission) throws IOException {
        this.admission = admission;
    }

    @Override
    public Socket accept() throws IOException {
        open();
        try {
            while (!isClosed()) {
                var peer = admitted.poll(LOOK_MS, TimeUnit.MILLISECONDS);
                if (peer != null) {
                    return peer;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new SocketException("closed");
    }

    @Override
    public void close() throws IOException {
        super.close();
        handshakes.shutdownNow();
        for (var peer = admitted.poll(); peer != null; peer = admitted.poll()) {
            peer.close();
        }
    }

    private synchronized void open() {
        if (door == null) {
            door = Thread.ofPlatform().name("peer-door").daemon().start(this::letIn);
        }
    }

    private void letIn() {
        while (!isClosed()) {
            var socket = new PeerSocket(admission);
            if (!isTaken(socket)) {
                continue;
            }
            try {
                admission.requireAllowed(socket.getInetAddress());
                handshakes.execute(() -> admit(socket));
            } catch (IOException e) {
                refuse(socket, e);
            } catch (RejectedExecutionException e) {
                refuse(socket, new IOException("too many handshakes at once", e));
            }
        }
    }

    /** Waits for a connection; if the machine can't take any, such as without a file descriptor that is free, only shortly. */
    private boolean isTaken(PeerSocket socket) {
        try {
            implAccept(socket);
            if (failing) {
                log.info("Connections of peers are taken again");
            }
            failing = false;
            return true;
        } catch (IOException e) {
            if (!isClosed()) {
                if (!failing) {
                    log.warn("No connection of a peer can be taken: {}", e.toString());
                }
                failing = true;
                pause();
            }
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void admit(PeerSocket socket) {
        try {
            socket.secure(false);
            if (isClosed() || !admitted.offer(socket)) {
                throw new IOException("too many connections at once");
            }
        } catch (IOException e) {
            refuse(socket, e);
        }
    }

    private void refuse(Socket socket, IOException why) {
        if (!isClosed() && socket.getRemoteSocketAddress() instanceof InetSocketAddress peer) {
            admission.failed(peer, why);
        }
        try {
            socket.close();
        } catch (IOException e) {
            // it is of no use any more
        }
    }
}
