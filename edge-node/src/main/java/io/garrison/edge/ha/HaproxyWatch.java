package io.garrison.edge.ha;

import io.garrison.edge.haproxy.LocalSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Holds a connection to HAProxy's master: when its processes end, the kernel ends the connection at once. The master ends
 * it as well when it reloads, and is not there for a moment; then its worker still is.
 */
final class HaproxyWatch implements AutoCloseable {

    private static final int RETRY_MS = 20;
    private static final int ANSWER_MS = 500;

    private final Path master;
    private final Path stats;
    private final Listener listener;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile @Nullable SocketChannel held;
    private volatile boolean reachable;

    /** Told on the watch's own thread; must not block. */
    interface Listener {
        void gone();

        void back();
    }

    HaproxyWatch(Path master, Path stats, Listener listener) {
        this.master = master;
        this.stats = stats;
        this.listener = listener;
        this.thread = Thread.ofPlatform().name("haproxy-watch").daemon().unstarted(this::watch);
    }

    /** Has looked once when this returns. */
    void start() {
        reachable = connect() != null || isThere(stats);
        thread.start();
    }

    boolean isReachable() {
        return reachable;
    }

    private void watch() {
        while (!stopped) {
            var channel = held != null ? held : connect();
            if (channel == null) {
                if (reachable && !isThere(stats)) {
                    reachable = false;
                    listener.gone();
                }
                pause();
                continue;
            }
            if (!reachable) {
                reachable = true;
                listener.back();
            }
            untilEnd(channel);
            held = null;
        }
    }

    private @Nullable SocketChannel connect() {
        try {
            var channel = LocalSocket.connect(master);
            channel.configureBlocking(true);
            held = channel;
            return channel;
        } catch (IOException e) {
            // nobody there, or nobody who takes connections
            return null;
        }
    }

    private static boolean isThere(Path socket) {
        try (var channel = LocalSocket.connect(socket)) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static void untilEnd(SocketChannel channel) {
        try (channel) {
            var words = ByteBuffer.allocate(256);
            while (channel.read(words) >= 0) {
                words.clear();
            }
        } catch (AsynchronousCloseException e) {
            // the watch ends
        } catch (IOException e) {
            // the other side ended
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(RETRY_MS);
        } catch (InterruptedException e) {
            stopped = true;
        }
    }

    /** Whether a worker answers a question within half a second: one that hangs still has its socket. */
    boolean answers() {
        try (var channel = LocalSocket.connect(stats);
                var selector = Selector.open()) {
            channel.write(ByteBuffer.wrap("show version\n".getBytes(StandardCharsets.US_ASCII)));
            channel.register(selector, SelectionKey.OP_READ);
            selector.select(ANSWER_MS);
            return channel.read(ByteBuffer.allocate(64)) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        stopped = true;
        var channel = held;
        if (channel != null) {
            channel.close();
        }
    }
}
