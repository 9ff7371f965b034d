package io.garrison.edge.health;

import static io.garrison.edge.testing.ScriptedGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.health.ManagementServer.Answer;
import io.garrison.edge.state.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BalancerServerTests {

    private static final Duration SOON = Duration.ofSeconds(10);

    /** As at boot, when another program, or another machine of a pair, still has the address. */
    @Test
    void listensAsSoonAsItsAddressCanBeHad() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = new HostPort("127.0.0.1", taken.getLocalPort());
            try (var server = BalancerServer.listen(
                    address,
                    () -> new Answer(true, Map.of()),
                    () -> new Answer(false, Map.of()),
                    Duration.ofMillis(20))) {
                taken.close();
                await("listens", SOON, () -> status(address, "/health") == 200);
                assertThat(status(address, "/ready")).isEqualTo(503);
            }
            assertThat(status(address, "/health")).as("closed").isZero();
        }
    }

    private static int status(HostPort address, String path) {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://" + address + path))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
