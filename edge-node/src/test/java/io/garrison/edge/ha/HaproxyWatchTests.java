package io.garrison.edge.ha;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class HaproxyWatchTests {

    @TempDir
    Path directory;

    /** HA-06: as HAProxy that was stopped leaves its socket, after enough questions without an answer. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void waitsForNobodyWhoTakesNoConnectionsAnyMore() throws Exception {
        var socket = directory.resolve("stats.sock");
        var waiting = new ArrayList<SocketChannel>();
        try (var hung = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                var watch = new HaproxyWatch(socket, socket, new Deaf())) {
            hung.bind(UnixDomainSocketAddress.of(socket), 2);
            assertThat(watch.answers()).isFalse();
            fill(socket, waiting);

            long from = System.nanoTime();
            watch.start();
            assertThat(watch.isReachable()).isFalse();
            assertThat(watch.answers()).isFalse();
            assertThat(System.nanoTime() - from).isLessThan(TimeUnit.SECONDS.toNanos(2));
        } finally {
            for (var channel : waiting) {
                channel.close();
            }
        }
    }

    private static void fill(Path socket, List<SocketChannel> waiting) throws IOException {
        try {
            while (true) {
                var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                waiting.add(channel);
                channel.configureBlocking(false);
                assertThat(channel.connect(UnixDomainSocketAddress.of(socket))).isTrue();
            }
        } catch (SocketException e) {
            // there is no room any more
        }
    }

    private static final class Deaf implements HaproxyWatch.Listener {
        @Override
        public void gone() {}

        @Override
        public void back() {}
    }
}
