package io.garrison.edge.haproxy;

import io.garrison.protocol.Telemetry.AccessEvent;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Takes the access log from HAProxy: a stream of lines, each preceded by its length (RFC 6587), over a socket that each
 * worker connects to, and connects to again after it was closed. Lines wait in the worker's ring of 8 MiB meanwhile. HAProxy 2.6 closes the
 * ring of a worker when it is replaced, so requests that end on the old worker after a reload are counted but not logged.
 */
public final class AccessLogReader implements AutoCloseable {

    private static final int MAX_LINE = 16_384;
    private static final int MAX_CONNECTIONS = 64;

    private final ServerSocketChannel server;
    private final Path path;
    private final AccessLogLine.Glossary glossary;
    private final Consumer<AccessEvent> events;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong malformed = new AtomicLong();

    private AccessLogReader(
            ServerSocketChannel server, Path path, AccessLogLine.Glossary glossary, Consumer<AccessEvent> events) {
        this.server = server;
        this.path = path;
        this.glossary = glossary;
        this.events = events;
    }

    /**
     * @param events called from several threads, one for each worker; must not block for long, or lines are lost
     * @throws IOException if the socket can't be made
     */
    static AccessLogReader open(Path path, AccessLogLine.Glossary glossary, boolean root, Consumer<AccessEvent> events)
            throws IOException {
        Files.deleteIfExists(path);
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        if (root) {
            var view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
            view.setOwner(path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("haproxy"));
        }
        var reader = new AccessLogReader(server, path, glossary, events);
        Thread.ofPlatform().name("access-log").daemon().start(reader::accept);
        return reader;
    }

    /** Lines that were not understood, since the start. */
    public long malformed() {
        return malformed.get();
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                var channel = server.accept();
                if (open.size() >= MAX_CONNECTIONS) {
                    channel.close();
                    continue;
                }
                open.add(channel);
                Thread.ofPlatform().name("access-log-worker").daemon().start(() -> read(channel));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void read(SocketChannel channel) {
        try (channel;
                var in = new BufferedInputStream(Channels.newInputStream(channel), 65_536)) {
            var line = new byte[MAX_LINE];
            for (int length = length(in); length >= 0; length = length(in)) {
                if (length > MAX_LINE || in.readNBytes(line, 0, length) < length) {
                    malformed.incrementAndGet();
                    return;
                }
                var event = AccessLogLine.parse(line, length, glossary);
                if (event == null) {
                    malformed.incrementAndGet();
                } else {
                    events.accept(event);
                }
            }
        } catch (IOException e) {
            // the worker has ended or comes again
        } finally {
            open.remove(channel);
        }
    }

    /** @return -1 at the end of the stream; more than any line can have if it is no length */
    private static int length(InputStream in) throws IOException {
        int length = 0;
        for (int c = in.read(), digits = 0; ; c = in.read(), digits++) {
            if (c < 0) {
                return -1;
            } else if (c == ' ' && digits > 0) {
                return length;
            } else if (c < '0' || c > '9' || digits > 6) {
                return Integer.MAX_VALUE;
            }
            length = length * 10 + c - '0';
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
            for (var channel : open) {
                channel.close();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
