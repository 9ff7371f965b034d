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

/**
 * A connection to one worker that stays open. A worker that is replaced does not end while it has one, so that its
 * counters can still be read after its last client has gone. It lasts for the 60 s of {@code stats timeout} without a
 * command at most.
 */
final class WorkerTap implements AutoCloseable {

    private static final byte[] PROMPT = "\n> ".getBytes(StandardCharsets.US_ASCII);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_ANSWER = 64 << 20;

    private final SocketChannel channel;
    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocate(16_384);

    private WorkerTap(SocketChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
    }

    static WorkerTap open(Path stats) throws IOException {
        var channel = LocalSocket.connect(stats);
        var selector = Selector.open();
        var tap = new WorkerTap(channel, selector);
        try {
            channel.register(selector, SelectionKey.OP_READ);
            tap.ask("prompt");
            return tap;
        } catch (IOException e) {
            tap.close();
            throw e;
        }
    }

    String ask(String command) throws IOException {
        channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII)));
        var answer = new ByteArrayOutputStream(16_384);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!endsWithPrompt(answer)) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0 || answer.size() > MAX_ANSWER) {
                throw new IOException("the worker did not answer in time");
            }
            selector.select(left);
            selector.selectedKeys().clear();
            int n = channel.read(buffer.clear());
            if (n < 0) {
                throw new IOException("the worker has ended");
            }
            answer.write(buffer.array(), 0, n);
        }
        var text = answer.toString(StandardCharsets.UTF_8);
        return text.substring(0, text.length() - PROMPT.length);
    }

    private static boolean endsWithPrompt(ByteArrayOutputStream answer) {
        byte[] bytes = answer.size() < PROMPT.length ? new byte[0] : answer.toByteArray();
        if (bytes.length == 0) {
            return false;
        }
        for (int i = 0; i < PROMPT.length; i++) {
            if (bytes[bytes.length - PROMPT.length + i] != PROMPT[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        try {
            selector.close();
            channel.close();
        } catch (IOException e) {
            // nothing is lost: it was only read from
        }
    }
}
