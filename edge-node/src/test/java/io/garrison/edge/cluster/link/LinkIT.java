package io.garrison.edge.cluster.link;

import static io.garrison.edge.testing.ScriptedGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.garrison.edge.cluster.TestStack;
import io.garrison.edge.join.Identity;
import io.garrison.edge.state.AddressSpace;
import io.garrison.edge.testing.JoinedEdge;
import io.garrison.edge.testing.TestAuthority;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** PX-06, PX-12, DI-15: who becomes a peer, and who does not. */
class LinkIT {

    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration PATIENT = Duration.ofSeconds(4);
    private static final byte LIGHT = 7;
    private static final byte ONCE = 1;
    private static final byte HEAVY = 2;
    private static final byte IN_ORDER = 3;
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final List<Link> links = new ArrayList<>();
    private final List<byte[]> heard = new CopyOnWriteArrayList<>();
    private final List<String> heardBy = new CopyOnWriteArrayList<>();
    private TestStack stack;
    private int port;
    private volatile Identity first;

    @BeforeEach
    void aMember() throws Exception {
        stack = new TestStack();
        port = JoinedEdge.freePort();
        first = stack.identity(1);
    }

    @AfterEach
    void close() {
        links.forEach(Link::close);
    }

    @Test
    void refusesWhoeverIsNotAnotherInstanceOfItsStack() throws Exception {
        var link = link(1, port, AddressSpace.EVERYWHERE, id -> id.getLeastSignificantBits() < 5);
        link.connect(List.of());
        var otherAuthority = new TestAuthority();

        var strangers = List.of(
                stack.identity(2, TestStack.TENANT, new UUID(1, 9), stack.authority()),
                stack.identity(2, new UUID(1, 8), TestStack.STACK, stack.authority()),
                stack.identity(2, TestStack.TENANT, TestStack.STACK, otherAuthority),
                stack.identity(1),
                stack.identity(7));
        for (var stranger : strangers) {
            assertThat(isLetIn(stranger, 10_000)).as(stranger.toString()).isFalse();
        }
        await("all are counted", SOON, () -> link.refusals() >= strangers.size());
        assertThat(isLetIn(stack.identity(2), 300)).isTrue();
    }

    @Test
    void connectsToNobodyElseEither() throws Exception {
        var admission = new Admission(new PeerTls(() -> first, id -> true), AddressSpace.EVERYWHERE, 100);
        var impostor = stack.identity(2, TestStack.TENANT, new UUID(1, 9), stack.authority());
        try (var server =
                (SSLServerSocket) trustingAll(impostor).getServerSocketFactory().createServerSocket(0, 5, LOOPBACK)) {
            server.setNeedClientAuth(true);
            Thread.ofPlatform().daemon().start(() -> {
                try (var socket = (SSLSocket) server.accept()) {
                    socket.startHandshake();
                } catch (java.io.IOException e) {
                    // as it shall be
                }
            });
            var socket = new PeerSocket(admission);
            assertThatIOException()
                    .isThrownBy(() -> socket.connect(server.getLocalSocketAddress(), 1_000))
                    .withMessageContaining("not another instance of this stack");
        }
    }

    @Test
    void leavesAPeerThatHangsInTheHandshake() throws Exception {
        var admission = new Admission(new PeerTls(() -> first, id -> true), AddressSpace.EVERYWHERE, 100);
        try (var hung = new ServerSocket(0, 5, LOOPBACK)) {
            long before = System.nanoTime();
            assertThatIOException()
                    .isThrownBy(() -> new PeerSocket(admission).connect(hung.getLocalSocketAddress(), 1_000));
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .as("without a limit it would be for ever")
                    .isLessThan(Duration.ofSeconds(30));
            long again = System.nanoTime();
            assertThatIOException()
                    .isThrownBy(() -> new PeerSocket(admission).connect(hung.getLocalSocketAddress(), 1_000))
                    .withMessageContaining("hangs");
            assertThat(Duration.ofNanos(System.nanoTime() - again))
                    .as("others do not wait in turn")
                    .isLessThan(Duration.ofMillis(1_000));
            admission.opened(new PeerSocket(admission));
            assertThat(admission.dialTimeoutMs()).as("in the first seconds").isEqualTo(1_500);
        }
    }

    /** A peer that comes anew to members that have run for long, from a machine that is busy. */
    @Test
    void waitsForAPeerThatIsSlowInTheHandshakeHoweverLongItRuns() throws Exception {
        var nanos = new AtomicLong();
        var tls = new PeerTls(() -> first, id -> true);
        var admission = new Admission(tls, AddressSpace.EVERYWHERE, 100, nanos::get);
        admission.opened(new PeerSocket(admission));
        nanos.set(Duration.ofMinutes(1).toNanos());
        assertThat(admission.dialTimeoutMs()).as("towards others it is quick").isEqualTo(100);

        try (var door = new PeerServerSocket(admission)) {
            door.bind(new InetSocketAddress(LOOPBACK, 0));
            var letIn = new FutureTask<>(door::accept);
            Thread.ofPlatform().daemon().start(letIn);
            try (var slow = new Socket(LOOPBACK, door.getLocalPort())) {
                Thread.sleep(400);
                var socket = (SSLSocket) trustingAll(stack.identity(2))
                        .getSocketFactory()
                        .createSocket(slow, "", door.getLocalPort(), false);
                socket.startHandshake();
                try (var peer = letIn.get(SOON.toSeconds(), TimeUnit.SECONDS)) {
                    assertThat(((PeerSocket) peer).peer()).contains(TestStack.instance(2));
                }
            }
        }
    }

    @Test
    void letsPeersInWhileOthersSayNothingOrSomethingElse() throws Exception {
        var link = link(1, port, AddressSpace.EVERYWHERE, id -> true);
        link.connect(List.of());
        var silent = new ArrayList<Socket>();
        for (int i = 0; i < 5; i++) {
            silent.add(new Socket(LOOPBACK, port));
        }
        try (var talker = new Socket(LOOPBACK, port)) {
            talker.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes());
            var other = link(2, JoinedEdge.freePort(), AddressSpace.EVERYWHERE, id -> true);
            other.connect(List.of(new InetSocketAddress(LOOPBACK, port)));
            await(
                    "they meet",
                    SOON,
                    () -> link.present().size() == 2 && other.present().size() == 2);
            await("others are left", SOON, () -> link.refusals() >= 6);
        } finally {
            for (var socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void closesWhatConnectsItWithWhoeverIsNotDeclaredAnyMore() throws Exception {
        var declared = new AtomicBoolean(true);
        var link = link(1, port, AddressSpace.EVERYWHERE, id -> declared.get());
        link.connect(List.of());
        var other = link(2, JoinedEdge.freePort(), AddressSpace.EVERYWHERE, id -> true);
        other.connect(List.of(new InetSocketAddress(LOOPBACK, port)));
        await(
                "they meet",
                SOON,
                () -> link.present().size() == 2 && other.present().size() == 2);
        link.tend();
        assertThat(link.present()).as("declared ones stay").hasSize(2);
        long refused = link.refusals() + other.refusals();

        declared.set(false);
        await("it is gone", SOON, () -> {
            link.tend(); // as each second
            return link.present().size() == 1;
        });
        await("it is not let in again", SOON, () -> link.refusals() + other.refusals() > refused);
        assertThat(link.present()).hasSize(1);
    }

    @Test
    void turnsAwayAddressesBeyondTheAllowedSpace() throws Exception {
        var link = link(1, port, AddressSpace.parse("10.0.0.0/8"), id -> true);
        link.connect(List.of());

        assertThat(isLetIn(stack.identity(2), 10_000)).isFalse();
        assertThat(link.refusals()).isPositive();

        var admission = new Admission(new PeerTls(() -> first, id -> true), AddressSpace.parse("10.0.0.0/8"), 100);
        assertThatIOException()
                .isThrownBy(() -> new PeerSocket(admission).connect(new InetSocketAddress(LOOPBACK, port), 1_000))
                .withMessageContaining("discovery.allowed-address-space");
    }

    @Test
    void staysAMemberWhenItsCertificateIsRenewed() throws Exception {
        var link = link(1, port, AddressSpace.EVERYWHERE, id -> true);
        link.connect(List.of());
        var former = serialShownTo(stack.identity(2));
        var other = link(2, JoinedEdge.freePort(), AddressSpace.EVERYWHERE, id -> true);
        other.connect(List.of(new InetSocketAddress(LOOPBACK, port)));
        await("they meet", SOON, () -> link.present().size() == 2);

        first = stack.identity(1);

        assertThat(serialShownTo(stack.identity(3))).isNotEqualTo(former);
        assertThat(other.send(TestStack.instance(1), new byte[] {1})).isTrue();
        await("it hears", SOON, () -> !heard.isEmpty());
        assertThat(link.present()).hasSize(2);
    }

    /** Other threads are for what may take its time: what is written to the disk, or must come in order. */
    @Test
    void hearsWhatIsLightOnTheThreadThatHasReadItAndNothingElse() throws Exception {
        var link = link(1, port, AddressSpace.EVERYWHERE, id -> true);
        link.connect(List.of());
        var other = link(2, JoinedEdge.freePort(), AddressSpace.EVERYWHERE, id -> true);
        other.connect(List.of(new InetSocketAddress(LOOPBACK, port)));
        await(
                "they meet",
                SOON,
                () -> link.present().size() == 2 && other.present().size() == 2);

        // Messages that come together with others are heard together, by another thread.
        await("one by itself", SOON, () -> {
            other.sendOnce(null, new byte[] {LIGHT, ONCE});
            return heardBy.contains(ONCE + " Connection.Receiver");
        });
        await("what is not light", SOON, () -> {
            other.sendOnce(null, new byte[] {LIGHT + 1, HEAVY});
            return heardBy.contains(HEAVY + " jgroups");
        });
        await("what must arrive", SOON, () -> {
            assertThat(other.send(TestStack.instance(1), new byte[] {LIGHT, IN_ORDER}))
                    .isTrue();
            return heardBy.contains(IN_ORDER + " jgroups");
        });
        assertThat(heardBy).doesNotContain(HEAVY + " Connection.Receiver", IN_ORDER + " Connection.Receiver");
    }

    @Test
    void keepsGroupsOfOtherNamesApart() throws Exception {
        var link = link(1, port, AddressSpace.EVERYWHERE, id -> true);
        link.connect(List.of());
        int otherPort = JoinedEdge.freePort();
        var other = link("others", 2, otherPort);
        other.connect(List.of(new InetSocketAddress(LOOPBACK, port)));
        var third = link(3, JoinedEdge.freePort(), AddressSpace.EVERYWHERE, id -> true);
        third.connect(List.of(new InetSocketAddress(LOOPBACK, port), new InetSocketAddress(LOOPBACK, otherPort)));

        await("those of one name meet", SOON, () -> third.present().size() == 2);
        assertThat(other.present()).containsExactly(TestStack.instance(2));
    }

    private Link link(int number, int at, AddressSpace allowed, Predicate<UUID> declared) throws Exception {
        return link("group", number, at, allowed, declared);
    }

    private Link link(String group, int number, int at) throws Exception {
        return link(group, number, at, AddressSpace.EVERYWHERE, id -> true);
    }

    private Link link(String group, int number, int at, AddressSpace allowed, Predicate<UUID> declared)
            throws Exception {
        var identity = stack.identity(number);
        var settings =
                new Link.Settings(group, TestStack.instance(number), LOOPBACK, LOOPBACK, at, allowed, 50, 300, 1_000);
        var link = new Link(settings, () -> number == 1 ? first : identity, declared, new Link.Listener() {
            @Override
            public void present(Set<UUID> members) {}

            @Override
            public void healed(List<Set<UUID>> parts) {}

            @Override
            public void message(UUID from, byte[] message) {
                heardBy.add(message[message.length - 1] + " "
                        + Thread.currentThread().getName().split("[^A-Za-z.]")[0]);
                heard.add(message);
            }

            @Override
            public boolean isLight(byte kind) {
                return kind == LIGHT;
            }
        });
        links.add(link);
        return link;
    }

    /** Whether the connection stands after the server has judged it: it then waits for the first message. */
    private boolean isLetIn(Identity stranger, int patienceMs) throws Exception {
        try (var socket = (SSLSocket) trustingAll(stranger).getSocketFactory().createSocket(LOOPBACK, port)) {
            socket.setSoTimeout(patienceMs);
            try {
                socket.startHandshake();
                return socket.getInputStream().read() >= 0;
            } catch (java.net.SocketTimeoutException e) {
                return true;
            } catch (java.io.IOException e) {
                return false;
            }
        }
    }

    private java.math.BigInteger serialShownTo(Identity peer) throws Exception {
        try (var socket = (SSLSocket) trustingAll(peer).getSocketFactory().createSocket(LOOPBACK, port)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    /** An attacker's TLS: any key, any server. */
    private static SSLContext trustingAll(Identity identity) throws Exception {
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry(
                "k", identity.privateKey(), new char[0], identity.chain().toArray(Certificate[]::new));
        var managers = KeyManagerFactory.getInstance("SunX509");
        managers.init(keys, new char[0]);
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(
                managers.getKeyManagers(),
                new TrustManager[] {
                    new X509TrustManager() {
                        @Override
                        public void checkClientTrusted(X509Certificate[] chain, String type) {}

                        @Override
                        public void checkServerTrusted(X509Certificate[] chain, String type) {}

                        @Override
                        public X509Certificate[] getAcceptedIssuers() {
                            return new X509Certificate[0];
                        }
                    }
                },
                null);
        return context;
    }
}
