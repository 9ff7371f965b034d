package io.garrison.edge.haproxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;

/** One command, one answer, over a socket of HAProxy. The commands come from this package's source. */
final class RuntimeSocket {

    private static final int MAX_ANSWER = 64 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Most answers are short, and there are several in a second: together they would keep the collector of memory busy. */
    private static final int PIECE = 2_048;

    /** Left by questions that are over, as each takes three descriptors to make; as many as there are at once. */
    private static final ArrayBlockingQueue<Selector> IDLE = new ArrayBlockingQueue<>(4);

    private RuntimeSocket() {}

    /** Takes an answer as it comes. */
    private interface Sink {
        void take(byte[] piece, int length) throws IOException;
    }

    interface Line {
        void take(String line) throws IOException;
    }

    /** @throws IOException if nobody answers within 5 s */
    static String ask(Path socket, String command) throws IOException {
        var answer = new ByteArrayOutputStream(PIECE);
        ask(socket, command, (piece, length) -> {
            answer.write(piece, 0, length);
            if (answer.size() > MAX_ANSWER) {
                throw new IOException("HAProxy's answer is too long");
            }
        });
        return answer.toString(StandardCharsets.UTF_8);
    }

    /**
     * Line by line, for an answer that may not fit into the memory of an agent.
     *
     * @throws IOException if it has not ended within 5 s
     */
    static void lines(Path socket, String command, Line each) throws IOException {
        var line = new ByteArrayOutputStream(PIECE);
        ask(socket, command, (piece, length) -> {
            int from = 0;
            for (int at = 0; at < length; at++) {
                if (piece[at] == '\n') {
                    line.write(piece, from, at - from);
                    each.take(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                    from = at + 1;
                }
            }
            line.write(piece, from, length - from);
        });
    }

    private static void ask(Path socket, String command, Sink sink) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        var idle = IDLE.poll();
        var selector = idle == null ? Selector.open() : idle;
        try {
            ask(socket, command, selector, deadline, sink);
        } finally {
            release(selector);
        }
    }

    private static void ask(Path socket, String command, Selector selector, long deadline, Sink sink)
            throws IOException {
        try (var channel = LocalSocket.connect(socket)) {
            var key = channel.register(selector, SelectionKey.OP_WRITE);
            var question = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII));
            while (question.hasRemaining()) {
                await(selector, deadline);
                channel.write(question);
            }
            channel.shutdownOutput();
            key.interestOps(SelectionKey.OP_READ);
            untilEnd(channel, selector, deadline, sink);
        }
    }

    /** The channel that was registered is closed; the selector forgets it with its next look. */
    private static void release(Selector selector) throws IOException {
        try {
            selector.selectNow();
        } catch (IOException e) {
            selector.close();
            throw e;
        }
        if (!selector.keys().isEmpty() || !IDLE.offer(selector)) {
            selector.close();
        }
    }

    private static void untilEnd(SocketChannel channel, Selector selector, long deadline, Sink sink)
            throws IOException {
        var buffer = ByteBuffer.allocate(PIECE);
        while (true) {
            await(selector, deadline);
            for (int n = channel.read(buffer.clear()); n != 0; n = channel.read(buffer.clear())) {
                if (n < 0) {
                    return;
                }
                sink.take(buffer.array(), n);
            }
        }
    }

    private static void await(Selector selector, long deadline) throws IOException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new IOException("HAProxy did not answer in time");
        }
        selector.select(left);
        selector.selectedKeys().clear();
    }
}
