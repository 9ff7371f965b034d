package io.garrison.edge.haproxy;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.edge.haproxy.Rendering.RenderedService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunningHaproxyTests {

    /** A service that moves to the wildcard of its port, or from it, meets HAProxy's own socket there. */
    @Test
    void takesNoSocketOfItsOwnForAnothersWhenAListenerWidens() throws IOException {
        try (var own = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var narrow = List.of(service("127.0.0.1", own.getLocalPort()));
            var wide = List.of(service("0.0.0.0", own.getLocalPort()));

            assertThatCode(() -> RunningHaproxy.requireFree(wide, narrow)).doesNotThrowAnyException();
            assertThatCode(() -> RunningHaproxy.requireFree(narrow, wide)).doesNotThrowAnyException();
            for (var others : List.of(List.<RenderedService>of(), List.of(service("127.0.0.1", 1)))) {
                assertThatExceptionOfType(PolicyRefusedException.class)
                        .isThrownBy(() -> RunningHaproxy.requireFree(wide, others));
            }
        }
    }

    private static RenderedService service(String address, int port) {
        return new RenderedService("shop", "fe_shop", address, port, true, true, 1);
    }
}
