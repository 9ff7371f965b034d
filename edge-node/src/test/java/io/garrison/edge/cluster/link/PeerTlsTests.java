package io.garrison.edge.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.garrison.edge.cluster.TestStack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/** Who was let in before is not let in by that: a session that is resumed shows no certificate. */
class PeerTlsTests {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final AtomicBoolean declared = new AtomicBoolean(true);

    @Test
    void letsNobodyInByAnEarlierSessionWhoHasLeftThePlan() throws Exception {
        var stack = new TestStack();
        var first = stack.identity(1);
        var second = stack.identity(2);
        var host = new PeerTls(() -> first, peer -> declared.get());
        var guest = new PeerTls(() -> second, peer -> true);
        try (var door = new ServerSocket(0, 5, LOOPBACK)) {
            for (int i = 0; i < 3; i++) {
                assertThat(meet(door, host, guest)).isEqualTo(7);
            }
            declared.set(false);

            assertThatThrownBy(() -> meet(door, host, guest))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(SSLHandshakeException.class)
                    .hasMessageContaining("is not in the plan of the stack");
        }
    }

    @Test
    void dialsNobodyByAnEarlierSessionWhoHasLeftThePlan() throws Exception {
        var stack = new TestStack();
        var first = stack.identity(1);
        var second = stack.identity(2);
        var host = new PeerTls(() -> first, peer -> true);
        var guest = new PeerTls(() -> second, peer -> declared.get());
        try (var door = new ServerSocket(0, 5, LOOPBACK)) {
            for (int i = 0; i < 3; i++) {
                assertThat(meet(door, host, guest)).isEqualTo(7);
            }
            declared.set(false);

            assertThatThrownBy(() -> meet(door, host, guest))
                    .isInstanceOf(SSLHandshakeException.class)
                    .hasMessageContaining("is not in the plan of the stack");
        }
    }

    /** Lets one byte pass in each direction, so that what a session is resumed by has arrived. */
    private static int meet(ServerSocket door, PeerTls host, PeerTls guest) throws Exception {
        var letIn = new FutureTask<>(() -> {
            try (var socket = door.accept();
                    var tls = host.over(socket, false)) {
                tls.getOutputStream().write(tls.getInputStream().read());
                return true;
            }
        });
        Thread.ofPlatform().daemon().start(letIn);
        int answered = -1;
        try (var socket = new Socket(LOOPBACK, door.getLocalPort());
                var tls = guest.over(socket, true)) {
            tls.getOutputStream().write(7);
            answered = tls.getInputStream().read();
        } catch (IOException e) {
            if (e.getMessage().contains("not in the plan")) {
                throw e;
            } // otherwise the other side says why
        }
        letIn.get(10, TimeUnit.SECONDS);
        return answered;
    }
}
