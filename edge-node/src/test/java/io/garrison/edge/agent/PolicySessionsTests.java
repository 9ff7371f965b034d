package io.garrison.edge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.haproxy.ListenAddresses;
import io.garrison.protocol.Policy;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whose sessions are counted when the addresses of a router move. */
class PolicySessionsTests {

    private static final InetAddress SHARED = InetAddress.ofLiteral("10.98.22.100");

    private static final Policy POLICY = ProtocolJson.read("""
            {"virtualServices":[
              {"name":"shop","address":"10.98.22.100","port":80,"pool":"web","persistence":{"type":"SOURCE"},
               "routes":[{"when":{"pathPrefix":"/api"},"pool":"api"},{"when":{"pathPrefix":"/v2"},"pool":"api"}]},
              {"name":"plain","address":"10.98.22.100","port":81,"pool":"web"},
              {"name":"cookie","address":"10.98.22.100","port":82,"pool":"web",
               "persistence":{"type":"COOKIE","name":"where"}},
              {"name":"off","address":"10.98.22.100","port":83,"pool":"web","enabled":false,
               "persistence":{"type":"SOURCE"}},
              {"name":"elsewhere","address":"10.98.22.101","port":80,"pool":"web","persistence":{"type":"SOURCE"}},
              {"name":"mapped","address":"192.0.2.1","port":84,"pool":"web","persistence":{"type":"SOURCE"}},
              {"name":"every","address":"0.0.0.0","port":85,"pool":"web","persistence":{"type":"SOURCE"}},
              {"name":"every-v6","address":"::","port":85,"pool":"web","persistence":{"type":"SOURCE"}}]}""".getBytes(StandardCharsets.UTF_8), Policy.class);

    private final List<String> asked = new ArrayList<>();
    private boolean passes;

    private boolean read(InetAddress... addresses) throws IOException {
        var sessions = new PolicySessions(
                () -> POLICY,
                new ListenAddresses(Map.of("192.0.2.1", "10.98.22.100")),
                () -> passes,
                (service, pool, each) -> asked.add(service + " " + pool));
        return sessions.read(Set.of(addresses), (table, client, member) -> {});
    }

    @Test
    void areThoseOfServicesOnItThatKeepClientsByTheirAddress() throws IOException {
        assertThat(read(SHARED)).isTrue();
        assertThat(asked).containsExactly("shop api", "shop web", "mapped web", "every web");
    }

    @Test
    void areNoneWithoutSuchAService() throws IOException {
        assertThat(read()).isFalse();
        assertThat(read(InetAddress.ofLiteral("fd98::1"))).isTrue();
        assertThat(asked).containsExactly("every-v6 web");
    }

    @Test
    void areNoneInABypassThatKeepsNobody() throws IOException {
        passes = true;

        assertThat(read(SHARED)).isFalse();
        assertThat(asked).isEmpty();
    }
}
