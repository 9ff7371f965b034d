package io.garrison.edge.cluster.link;

import static io.garrison.edge.testing.ScriptedGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.cluster.TestStack;
import io.garrison.edge.state.AddressSpace;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A machine that can't take connections for a while, such as one that has no file descriptor left. */
class PeerServerSocketTests {

    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void waitsBetweenConnectionsThatCanNotBeTakenAndGoesOnAfterwards() throws Exception {
        var identity = new TestStack().identity(1);
        var admission = new Admission(new PeerTls(() -> identity, peer -> true), AddressSpace.EVERYWHERE, 300);
        var before = doors();
        try (var server = new PeerServerSocket(admission)) {
            // It is not bound yet: so taking a connection fails at once.
            Thread.ofPlatform().daemon().start(() -> accept(server));
            await("the door", SOON, () -> doors().size() > before.size());
            var door = new HashSet<>(doors());
            door.removeAll(before);

            long cpu = cpuNanos(door);
            Thread.sleep(1_000); // what is measured is a second
            assertThat(Duration.ofNanos(cpuNanos(door) - cpu)).isLessThan(Duration.ofMillis(100));

            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort()).close();
            await("it is taken, and is no peer", SOON, () -> admission.refusals() == 1);
        }
    }

    private static void accept(PeerServerSocket server) {
        try {
            server.accept().close();
        } catch (IOException e) {
            // the test is over
        }
    }

    private static Set<Thread> doors() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("peer-door"))
                .collect(Collectors.toSet());
    }

    private static long cpuNanos(Set<Thread> threads) {
        var measured = ManagementFactory.getThreadMXBean();
        return threads.stream()
                .mapToLong(thread -> measured.getThreadCpuTime(thread.threadId()))
                .sum();
    }
}
