package io.garrison.edge.cluster.discovery;

import static io.garrison.edge.testing.ScriptedGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.garrison.edge.state.HostPort;
import io.garrison.edge.testing.JoinedEdge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** DI-11, DI-13, DI-14, DI-32, DI-T10, DI-T11: peers by the records of a real name server. */
class DnsDiscoveryIT {

    private static final Path DNSMASQ = Path.of("/usr/sbin/dnsmasq");

    private int port;
    private Process server;

    @BeforeEach
    void server() throws Exception {
        assumeTrue(Files.isExecutable(DNSMASQ), "dnsmasq is not installed at " + DNSMASQ);
        port = JoinedEdge.freePort();
        server = new ProcessBuilder(
                        DNSMASQ.toString(),
                        "--keep-in-foreground",
                        "--conf-file=/dev/null",
                        "--port=" + port,
                        "--listen-address=127.0.0.1",
                        "--bind-interfaces",
                        "--no-resolv",
                        "--no-hosts",
                        "--local=/test/",
                        "--pid-file",
                        "--host-record=peers.test,10.0.0.1",
                        "--host-record=peers.test,10.0.0.2",
                        "--host-record=far.test,10.0.1.1,2001:db8::1",
                        "--srv-host=_garrison._tcp.test,far.test,10777",
                        "--srv-host=_some._tcp.test,gone.test,10778",
                        "--srv-host=_some._tcp.test,far.test,10777",
                        "--srv-host=_some._tcp.test,gone-too.test,10779",
                        "--srv-host=_none._tcp.test,gone.test,10778")
                .inheritIO()
                .start();
        await("the name server answers", Duration.ofSeconds(10), () -> {
            try (var probe = dns("peers.test")) {
                return !probe.discover().isEmpty();
            } catch (DiscoveryException e) {
                return false;
            }
        });
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (server != null) {
            server.destroyForcibly().waitFor();
        }
    }

    @Test
    void takesEveryAddressOfEveryNameAndThePortOfServiceRecords() throws Exception {
        assertThat(dns("peers.test").discover())
                .containsExactlyInAnyOrder(Settings.at("10.0.0.1", 10_105), Settings.at("10.0.0.2", 10_105));
        assertThat(dns("peers.test", "missing.test", "far.test").discover())
                .hasSize(4)
                .contains(Settings.at("2001:db8::1", 10_105));
        assertThat(dns("_garrison._tcp.test").discover())
                .containsExactlyInAnyOrder(Settings.at("10.0.1.1", 10_777), Settings.at("2001:db8::1", 10_777));
    }

    /** An instance that was taken away, and whose record is there still. */
    @Test
    void passesOverTargetsOfServiceRecordsThatAreGone() throws Exception {
        assertThat(dns("_some._tcp.test").discover())
                .containsExactlyInAnyOrder(Settings.at("10.0.1.1", 10_777), Settings.at("2001:db8::1", 10_777));
        assertThatExceptionOfType(DiscoveryException.class)
                .isThrownBy(() -> dns("_none._tcp.test").discover())
                .matches(e -> e.code().equals("dns-lookup-failed"));
    }

    @Test
    void saysThatANameIsMissingOrThatNobodyAnswers() throws Exception {
        assertThatExceptionOfType(DiscoveryException.class)
                .isThrownBy(() -> dns("missing.test").discover())
                .matches(e -> e.code().equals("dns-lookup-failed"))
                .withMessageContaining("missing.test");

        new ProcessBuilder("kill", "-STOP", Long.toString(server.pid())).start().waitFor();
        long before = System.nanoTime();
        assertThatExceptionOfType(DiscoveryException.class)
                .isThrownBy(() -> dns("peers.test").discover())
                .matches(e -> e.code().equals("dns-lookup-failed"));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    private DnsDiscovery dns(String... names) {
        return new DnsDiscovery(
                Settings.of("dns", "dns-names", String.join(",", names), "bind-port", "10105", "dial-timeout", "900ms"),
                List.of(new HostPort("127.0.0.1", port)));
    }
}
