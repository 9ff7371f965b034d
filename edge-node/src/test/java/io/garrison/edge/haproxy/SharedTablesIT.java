package io.garrison.edge.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.edge.haproxy.SharedTables.SharedBlock;
import io.garrison.edge.haproxy.TwoInstances.Await;
import io.garrison.edge.haproxy.TwoInstances.One;
import io.garrison.edge.join.KeyRequest;
import io.garrison.edge.testing.TestAuthority;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that two real HAProxies share over mutual TLS: HC-19, HA-00d. */
class SharedTablesIT {

    private static final String BY_SOURCE = ",\"persistence\":{\"type\":\"SOURCE\"}";

    @TempDir
    private Path directory;

    private TwoInstances two;

    @AfterEach
    void stopsThem() throws Exception {
        if (two != null) {
            two.close();
        }
    }

    /** HC-19, session data. Six clients over four members: by chance, all would match once in 4,096 times. */
    @Test
    void keepsAClientOnItsPoolMemberAtTheOtherInstance() throws Exception {
        two = new TwoInstances(directory, 4);
        two.serve(BY_SOURCE);
        var member = new HashMap<String, String>();
        for (int i = 2; i < 8; i++) {
            member.put("127.0.0." + i, two.a.get("127.0.0." + i));
        }
        assertThat(member.values()).as("the pool is used").contains("200 web-0", "200 web-3");
        Await.until(() -> two.b.ask("show table " + backend()).contains("used:6"));
        assertThat(members(two.b)).hasSize(6).isEqualTo(members(two.a)).containsKey("::ffff:127.0.0.2");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> two.a.shared().persistent("mail", "web", (table, client, name) -> {}));
        two.a.crash();
        for (var client : member.entrySet()) {
            assertThat(two.b.get(client.getKey())).isEqualTo(client.getValue());
        }
    }

    /** Names of pool members by client, as agents read them. */
    private static Map<String, String> members(One one) throws IOException {
        var members = new HashMap<String, String>();
        one.shared().persistent("shop", "web", (table, client, member) -> {
            assertThat(table).isEqualTo(backend());
            assertThat(member).startsWith("srv_");
            members.put(client, member);
        });
        return members;
    }

    private static String backend() {
        return Names.backend("shop", "web").name();
    }

    /** HC-19, rate limits: 100 requests a minute are 100 from the stack, not from each instance. */
    @Test
    void holdsALimitOverBothInstancesTogether() throws Exception {
        two = new TwoInstances(directory, 1);
        two.serve(",\"rateLimit\":{\"requestsPerMinute\":100}");
        assertThat(two.a.passed("127.0.0.2", 60)).isEqualTo(60);
        awaitCount(two.b, two.a, 60);
        assertThat(two.b.passed("127.0.0.2", 60)).isEqualTo(40);
        awaitCount(two.a, two.b, 60);
        assertThat(two.a.passed("127.0.0.2", 10)).isZero();
        assertThat(two.b.get("127.0.0.3")).as("another client").startsWith("200");
        assertThat(two.backends.getFirst().requests.get()).isEqualTo(101);
        Await.until(() -> two.b.events.stream()
                        .filter(event -> event.verdict().equals("RATE_LIMITED"))
                        .count()
                == 20);
    }

    /** Two that connect to each other at once may cut each other off and try again after 5 s. */
    private static void awaitCount(One seenBy, One writer, int requests) throws Exception {
        var table = PeersRenderer.reference(Names.rates(true, "shop", writer.id));
        try {
            Await.until(
                    Duration.ofSeconds(30),
                    () -> seenBy.ask("show table " + table).contains("http_req_rate(60000)=" + requests));
        } catch (AssertionError e) {
            throw new AssertionError(seenBy.ask("show table " + table + ";show peers stack"), e);
        }
    }

    @Test
    void sumsWhatAClientDoesInASecond() throws Exception {
        two = new TwoInstances(directory, 1);
        two.serve(",\"rateLimit\":{\"requestsPerSecond\":20,\"connectionsPerSecond\":1000}");
        Await.until(() -> {
            long began = System.nanoTime();
            int client = 2 + (int) (began / 1_000_000 % 200);
            int passed = two.a.passed("127.0.0." + client, 15) + two.b.passed("127.0.0." + client, 15);
            return System.nanoTime() - began < 800_000_000L && passed >= 20 && passed <= 22;
        });
    }

    /** No instance of another stack or tenant gets or gives anything, although it has a certificate of its own. */
    @Test
    void letsNobodyInWithoutACertificateOfTheStack() throws Exception {
        two = new TwoInstances(directory, 1);
        var foreign = new TestAuthority();
        two.share(two.a, two.stack);
        two.share(two.b, foreign);
        two.a.apply("");
        two.b.apply("");
        two.a.shared().publish(List.of(new SharedBlock("192.0.2.1~", 2_000_000_000L, 1, false)));
        two.b.shared().publish(List.of(new SharedBlock("192.0.2.2~", 2_000_000_000L, 1, false)));
        Await.until(() -> tries(two.a) > 0 && refused(two.b.ask("show peers stack")));
        assertThat(hello(two.a, foreign)).isEmpty();
        assertThat(two.connected(two.a)).isFalse();
        assertThat(two.connected(two.b)).isFalse();
        assertThat(two.a.shared().published(two.b.id)).isEmpty();
        assertThat(two.b.shared().published(two.a.id)).isEmpty();
        assertThat(hello(two.a, two.stack))
                .as("the same with a certificate of the stack")
                .startsWith("200");
        two.share(two.b, two.stack);
        two.b.apply("");
        two.b.shared().publish(List.of(new SharedBlock("192.0.2.2~", 2_000_000_000L, 1, false)));
        Await.until(() -> two.a.shared().published(two.b.id).size() == 1);
    }

    /** HAProxy 2.6 says that it was the handshake, 3.0 that no connection was made. */
    private static boolean refused(String peers) {
        return peers.contains("last_status=HSHK") || peers.contains("last_status=CONN");
    }

    private static int tries(One one) throws IOException {
        int most = 0;
        for (var word : one.ask("show peers stack").split("\\s+")) {
            if (word.startsWith("new_conn=")) {
                most = Math.max(most, Integer.parseInt(word.substring(9)));
            }
        }
        return most;
    }

    /** Says that it is the other instance. @return what is answered; empty if nothing is */
    private String hello(One to, TestAuthority authority) throws Exception {
        var key = KeyRequest.create();
        var from = two.b.id;
        var chain = authority.member(key.csrPem(), from, Duration.ofHours(1)).certificateChain();
        try (var socket = (SSLSocket) context(chain, key).getSocketFactory().createSocket("127.0.0.1", to.tables)) {
            socket.setSoTimeout(5_000);
            var hello = "HAProxyS 2.1\n" + Names.peer(to.id).name() + "\n"
                    + Names.peer(from).name() + " 1 1\n";
            socket.getOutputStream().write(hello.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII);
        } catch (javax.net.ssl.SSLException | java.net.SocketException e) {
            return "";
        }
    }

    private SSLContext context(String chain, KeyRequest key) throws Exception {
        var certificates = CertificateFactory.getInstance("X.509");
        var pem = key.keyPem().replaceAll("-----[A-Z ]+-----|\\s", "");
        var secret = java.security.KeyFactory.getInstance("EC")
                .generatePrivate(new java.security.spec.PKCS8EncodedKeySpec(
                        java.util.Base64.getDecoder().decode(pem)));
        var leaf =
                certificates.generateCertificate(new ByteArrayInputStream(chain.getBytes(StandardCharsets.US_ASCII)));
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("me", secret, new char[0], new Certificate[] {leaf});
        keys.setCertificateEntry("stack", two.stack.root());
        var mine = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        mine.init(keys, new char[0]);
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(keys);
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(mine.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    /**
     * HA-00d. The new worker learns from the old one, so that nothing is lost even if the other instance dies then. A
     * certificate that was renewed comes into force the same way.
     */
    @Test
    void keepsTablesOverAReloadUnderLoadWhileTheOtherInstanceDies() throws Exception {
        two = new TwoInstances(directory, 2);
        two.serve(BY_SOURCE);
        // HAProxy 2.6 hands its tables on only after it gave up to get some from a predecessor itself: 5 s.
        Await.until(() -> two.a.ask("show peers stack").contains("resync_timeout=<PAST>"));
        var blocks = new ArrayList<SharedBlock>();
        for (int i = 0; i < 2_000; i++) {
            blocks.add(new SharedBlock("10.1." + i / 250 + "." + i % 250 + "~", 2_000_000_000L, 1, false));
        }
        two.a.shared().publish(blocks);
        Await.until(() -> two.b.shared().published(two.a.id).size() == 2_000);
        var stop = new AtomicBoolean();
        var failures = new CopyOnWriteArrayList<String>();
        var requests = new AtomicLong();
        var clients = new ArrayList<Thread>();
        for (int i = 2; i < 6; i++) {
            var client = "127.0.0." + i;
            clients.add(Thread.ofVirtual().start(() -> load(client, stop, requests, failures)));
        }
        Await.until(() -> requests.get() > 100);
        // Who connects before the new worker has learned may be moved; who does not stays.
        var members = new HashMap<String, String>();
        for (int i = 10; i < 20; i++) {
            members.put("127.0.0." + i, two.a.get("127.0.0." + i));
        }
        two.b.crash();
        long began = System.nanoTime();
        var renewed = two.link(two.a, two.stack);
        two.a.plane.share(renewed);
        two.a.apply(BY_SOURCE + ",\"maxConnections\":777");
        assertThat(two.a.shared().link()).contains(renewed);
        Await.until(
                Duration.ofSeconds(4), () -> two.a.shared().published(two.a.id).size() == 2_000);
        System.out.println("tables over a reload: 2,000 entries after " + (System.nanoTime() - began) / 1_000_000
                + " ms, apply included");
        stop.set(true);
        for (var client : clients) {
            client.join();
        }
        assertThat(failures).isEmpty();
        for (var client : members.entrySet()) {
            assertThat(two.a.get(client.getKey())).as(client.getKey()).isEqualTo(client.getValue());
        }
        // It comes back empty, and learns everything again.
        two.b.plane.ensureRunning();
        Await.until(() -> two.b.shared().published(two.a.id).size() == 2_000);
    }

    private void load(String client, AtomicBoolean stop, AtomicLong requests, List<String> failures) {
        while (!stop.get()) {
            try {
                var answer = two.a.get(client);
                if (!answer.startsWith("200")) {
                    failures.add(answer);
                }
            } catch (IOException e) {
                failures.add(e.toString());
            }
            requests.incrementAndGet();
        }
    }

    @Test
    void keepsItsCertificateToItselfAndReloadsOnlyForANewOne() throws Exception {
        two = new TwoInstances(directory, 1);
        two.share(two.a, two.stack);
        two.a.apply("");
        long worker = two.a.shared().worker();
        two.a.apply("");
        assertThat(two.a.shared().worker()).as("nothing new").isEqualTo(worker);
        two.share(two.a, two.stack);
        two.a.apply("");
        assertThat(two.a.shared().worker()).isNotEqualTo(worker);
        try (var files = Files.list(directory.resolve("a/certificates"))) {
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void servesWithoutTablesWhereTheirPortIsTaken() throws Exception {
        two = new TwoInstances(directory, 1);
        try (var taken = new ServerSocket(two.a.tables, 1, InetAddress.getByName("127.0.0.1"))) {
            two.share(two.a, two.stack);
            two.a.apply(",\"rateLimit\":{\"requestsPerMinute\":5,\"requestsPerSecond\":1000}");
            assertThat(taken.isBound()).isTrue();
            assertThat(two.a.shared().link()).isEmpty();
            assertThat(two.a.passed("127.0.0.2", 10)).as("limits hold here").isEqualTo(5);
        }
        two.a.apply("");
        assertThat(two.a.shared().link()).isPresent();
    }

    @Test
    void sharesWithSixteenAtMost() {
        var members = new ArrayList<StackLink.Member>();
        for (int i = 0; i < 17; i++) {
            members.add(new StackLink.Member(new UUID(7, i), "192.0.2." + i, 10_102));
        }
        var self = new UUID(7, 1);
        assertThat(new StackLink(self, members.subList(0, 16), "", "").others()).hasSize(15);
        org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> new StackLink(self, members, "", ""));
    }
}
