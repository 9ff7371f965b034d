package io.garrison.edge.packaging;

import static io.garrison.edge.testing.JoinedEdge.SOON;
import static io.garrison.edge.testing.ScriptedGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.testing.CountingClient;
import io.garrison.edge.testing.JoinedEdge;
import io.garrison.protocol.Policy;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a service of a real systemd, with a gateway and HAProxy (DI-30, DI-31). */
class ServiceIT {

    private static final String STATE = "/var/lib/garrison-edge";

    /** CAP_NET_BIND_SERVICE, CAP_NET_ADMIN, CAP_NET_RAW and CAP_SYS_NICE, as the kernel writes them. */
    private static final String CAPABILITIES = "%016x".formatted(1 << 10 | 1 << 12 | 1 << 13 | 1 << 23);

    @TempDir
    Path temp;

    private JoinedEdge edge;
    private ThrowAwayRoot machine;

    @BeforeEach
    void boots() throws Exception {
        machine = ThrowAwayRoot.booted(Files.createDirectory(temp.resolve("layer")));
        edge = new JoinedEdge(temp, 1, "management.port=0", "meter=proxy");
        machine.must("dpkg", "--install", "/root/garrison-edge.deb");
        assertThat(active()).as("before it has joined").isEqualTo("inactive");
        // What joining on that machine would have left.
        machine.bring(edge.state.root(), STATE);
        machine.must("chown", "-R", "garrison:garrison", STATE);
    }

    @AfterEach
    void ends() throws Exception {
        if (machine != null) {
            machine.close();
        }
        if (edge != null) {
            edge.close();
        }
    }

    @Test
    void restartsTheAgentWhileHaproxyServesOn() throws Exception {
        int port = JoinedEdge.freePort();
        machine.must("sh", "-c", "echo management.port=" + port + " >>/etc/garrison-edge/edge.properties");
        // Returns when the agent has said that it is ready.
        machine.must("systemctl", "start", "garrison-edge");
        assertThat(active()).isEqualTo("active");
        assertThat(machine.must("cat", STATE + "/control.json"))
                .as("the settings of the machine win over those of joining")
                .contains(":" + port + ",");
        edge.serve(1, edge.policy(""));
        var agent = mainPid();
        var haproxy = haproxyPid();
        for (var pid : new String[] {agent, haproxy}) {
            assertThat(machine.must("stat", "-c", "%U", "/proc/" + pid)).isEqualTo("garrison\n");
            assertThat(machine.must("cat", "/proc/" + pid + "/status"))
                    .contains("CapEff:\t" + CAPABILITIES, "CapBnd:\t" + CAPABILITIES, "NoNewPrivs:\t1");
        }
        try (var client = CountingClient.to(edge.httpPort)) {
            assertThat(client.get("/before")).isEqualTo("200 web");

            machine.must("systemctl", "restart", "garrison-edge");
            assertThat(mainPid()).isNotEqualTo(agent);
            assertThat(haproxyPid()).isEqualTo(haproxy);
            assertThat(client.get("/on-the-same-connection")).isEqualTo("200 web");

            var restarted = mainPid();
            machine.must("kill", "-KILL", restarted);
            await(
                    "another agent",
                    SOON,
                    () -> active().equals("active") && !mainPid().equals(restarted));
            assertThat(haproxyPid()).isEqualTo(haproxy);
            assertThat(client.get("/still")).isEqualTo("200 web");
        }
        int low = portBelow1024();
        edge.serve(2, onPort(low));
        try (var client = CountingClient.to(low)) {
            assertThat(client.get("/")).as("a port that is root's alone").isEqualTo("200 web");
        }

        machine.upgrade();
        assertThat(active()).isEqualTo("active");
        assertThat(haproxyPid()).isEqualTo(haproxy);
        machine.must("systemctl", "stop", "garrison-edge");
        machine.must("/var/lib/dpkg/info/garrison-edge.postinst", "configure", "9.0");
        assertThat(active()).as("an agent that was stopped stays so").isEqualTo("inactive");
        assertThat(machine.must("stat", "-c", "%U", "/proc/" + haproxy)).isEqualTo("garrison\n");

        machine.must("dpkg", "--remove", "garrison-edge");
        assertThat(machine.run("test", "-e", "/proc/" + haproxy).status())
                .as("what nobody looks after any more is ended")
                .isEqualTo(1);
    }

    private Policy onPort(int port) {
        return ProtocolJson.read("""
                {"virtualServices":[{"name":"shop","address":"127.0.0.1","port":%d,"pool":"web"}],
                 "pools":[{"name":"web","members":[{"address":"127.0.0.1","port":%d}]}]}""".formatted(port, edge.web.port()).getBytes(StandardCharsets.UTF_8), Policy.class);
    }

    private static int portBelow1024() {
        for (int port = 1_023; port > 600; port--) {
            try (var probe = new ServerSocket(port)) {
                return probe.getLocalPort();
            } catch (IOException e) {
                // somebody else's
            }
        }
        throw new AssertionError("no port below 1024 is free");
    }

    private String active() {
        return said("systemctl", "is-active", "garrison-edge");
    }

    private String mainPid() {
        return said("systemctl", "show", "--property=MainPID", "--value", "garrison-edge");
    }

    private String haproxyPid() {
        return said("head", "-n", "1", STATE + "/dataplane/run/haproxy.pid");
    }

    private String said(String... words) {
        try {
            return machine.run(words).output().strip();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
