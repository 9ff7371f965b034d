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

/** One command, one answer, over a socket of HAProxy. The commands come from this package's source. */
final class RuntimeSocket {

    private static final int MAX_ANSWER = 64 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private RuntimeSocket() {}

    /** @throws IOException if nobody answers within 5 s */
    static String ask(Path socket, String command) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (var channel = LocalSocket.connect(socket);
                var selector = Selector.open()) {
            var key = channel.register(selector, SelectionKey.OP_WRITE);
            var question = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII));
            while (question.hasRemaining()) {
                await(selector, deadline);
                channel.write(question);
            }
            channel.shutdownOutput();
            key.interestOps(SelectionKey.OP_READ);
            return untilEnd(channel, selector, deadline);
        }
    }

    private static String untilEnd(SocketChannel channel, Selector selector, long deadline) throws IOException {
        var answer = new ByteArrayOutputStream(16_384);
        var buffer = ByteBuffer.allocate(16_384);
        while (answer.size() <= MAX_ANSWER) {
            await(selector, deadline);
            for (int n = channel.read(buffer.clear()); n != 0; n = channel.read(buffer.clear())) {
                if (n < 0) {
                    return answer.toString(StandardCharsets.UTF_8);
                }
                answer.write(buffer.array(), 0, n);
            }
        }
        throw new IOException("HAProxy's answer is too long");
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
