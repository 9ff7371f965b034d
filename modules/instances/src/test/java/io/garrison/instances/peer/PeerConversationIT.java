package io.garrison.instances.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.garrison.instances.peer.Peer.Content;
import io.garrison.instances.peer.Peer.Introduction;
import io.garrison.instances.peer.Peer.Line;
import io.garrison.instances.peer.Peer.Offer;
import io.garrison.instances.peer.Peer.Overview;
import io.garrison.instances.pki.Authority;
import io.garrison.protocol.Policy;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two ends of the line with a real connection between them (MS-04): who is let in, and what others gain. */
class PeerConversationIT {

    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    private static final byte[] OTHER_KEY = "0123456789abcdef0123456789abcdeX".getBytes(StandardCharsets.UTF_8);
    private static final Introduction HERE = new Introduction(1, "tenant", "here");
    private static final Introduction THERE = new Introduction(1, "tenant", "there");
    private static final Fingerprint A = new Fingerprint(ProtocolJson.sha256Hex("a"), ProtocolJson.sha256Hex("c"));
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final Authority authority = Authority.create(Instant.now());
    private final Recording host = new Recording();
    private PeerListener listener;

    /** What arrived at the listener's side. */
    private static final class Recording implements PeerHost, Peer {
        private final List<Object> heard = new ArrayList<>();

        @Override
        public Introduction hello(Introduction caller) throws PeerTrouble {
            PeerClient.requireOther(THERE, caller);
            return THERE;
        }

        @Override
        public Peer from(String address) {
            return this;
        }

        @Override
        public Overview overview(Overview here) {
            heard.add(here);
            return new Overview(List.of(new Line("web", A, 7, null, null)));
        }

        @Override
        public Content content(String stack, boolean whole) {
            return new Content(stack, "MIXED", A, 7, "a comment", Policy.EMPTY, List.of());
        }

        @Override
        public Taken take(Offer offer) throws PeerTrouble {
            heard.add(offer);
            throw new PeerTrouble(PeerTrouble.Kind.REFUSED, "policy.invalid", "It has errors.");
        }
    }

    @BeforeEach
    void listen() throws PeerTrouble {
        listener = PeerListener.open(0, KEY, host, authority, Clock.systemUTC());
    }

    @AfterEach
    void hangUp() {
        listener.close();
    }

    private PeerClient dial(int port, byte[] key, Clock clock) throws PeerTrouble {
        return PeerClient.dial(new PeerClient.Address("127.0.0.1", port, Duration.ofSeconds(10)), key, HERE, clock);
    }

    private PeerTrouble refusal(int port, byte[] key, Clock clock) {
        return catchThrowableOfType(
                PeerTrouble.class, () -> dial(port, key, clock).close());
    }

    @Test
    void carriesQuestionsAndAnswersBothWays() throws PeerTrouble {
        try (var peer = dial(listener.port(), KEY, Clock.systemUTC())) {
            var overview = new Overview(List.of(new Line("web", null, 0, A, null)));

            assertThat(peer.overview(overview).stacks()).containsExactly(new Line("web", A, 7, null, null));
            assertThat(host.heard).containsExactly(overview);
            assertThat(peer.content("shop", true).stack()).isEqualTo("shop");
            var offer = new Offer(host.content("web", false), null, A, true);
            var refused = catchThrowableOfType(PeerTrouble.class, () -> peer.take(offer));
            assertThat(refused.kind()).isEqualTo(PeerTrouble.Kind.REFUSED);
            assertThat(refused.code()).isEqualTo("policy.invalid");
            assertThat(host.heard).containsExactly(overview, offer);
        }
    }

    @Test
    void takesNoMessageBeyondItsLimit() throws PeerTrouble {
        try (var peer = dial(listener.port(), KEY, Clock.systemUTC())) {
            var tooLong = "x".repeat(PeerPaths.MAX_BYTES);
            var refused = catchThrowableOfType(PeerTrouble.class, () -> peer.content(tooLong, false));

            assertThat(refused.code()).isEqualTo("sync.too-large");
        }
    }

    @Test
    void doesNotTrustWhoHoldsAnotherKey() {
        var refused = refusal(listener.port(), OTHER_KEY, Clock.systemUTC());

        assertThat(refused.kind()).isEqualTo(PeerTrouble.Kind.UNTRUSTED);
        assertThat(refused.code()).isEqualTo("sync.refused");
        assertThat(host.heard).isEmpty();
    }

    @Test
    void takesAClockThatIsAFewMinutesOffAndNamesOneThatIsMore() throws PeerTrouble {
        dial(listener.port(), KEY, at(Duration.ofMinutes(-4))).close();
        dial(listener.port(), KEY, at(Duration.ofMinutes(4))).close();

        assertThat(refusal(listener.port(), KEY, at(Duration.ofMinutes(-6))).code())
                .isEqualTo("sync.clock-skew");
        assertThat(refusal(listener.port(), KEY, at(Duration.ofMinutes(6)))).hasMessageContaining("clocks");
    }

    private static Clock at(Duration off) {
        return Clock.fixed(Instant.now().plus(off), ZoneOffset.UTC);
    }

    @Test
    void isNotTheSameMachineNorAnotherTenants() {
        var address = new PeerClient.Address("127.0.0.1", listener.port(), Duration.ofSeconds(10));
        var self =
                catchThrowableOfType(PeerTrouble.class, () -> PeerClient.dial(address, KEY, THERE, Clock.systemUTC()));
        var foreign = catchThrowableOfType(
                PeerTrouble.class,
                () -> PeerClient.dial(address, KEY, new Introduction(1, "other", "here"), Clock.systemUTC()));

        assertThat(self.code()).isEqualTo("sync.own-self");
        assertThat(foreign.code()).isEqualTo("sync.other-tenant");
    }

    @Test
    void saysWhyNobodyIsReached() throws Exception {
        int port = listener.port();
        listener.close();
        assertThat(refusal(port, KEY, Clock.systemUTC())).hasMessageContaining("Nobody listens");
        listen();
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = new PeerClient.Address("127.0.0.1", silent.getLocalPort(), SHORT);
            long began = System.nanoTime();
            var trouble = catchThrowableOfType(
                    PeerTrouble.class, () -> PeerClient.dial(address, KEY, HERE, Clock.systemUTC()));
            assertThat(trouble.kind()).isEqualTo(PeerTrouble.Kind.UNREACHABLE);
            assertThat(trouble).hasMessageContaining("No answer within 1 s");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(SHORT, SHORT.multipliedBy(4));
        }
        var taken = catchThrowableOfType(
                PeerTrouble.class, () -> PeerListener.open(listener.port(), KEY, host, authority, Clock.systemUTC()));
        assertThat(taken.code()).isEqualTo("sync.port-taken");
    }

    @Test
    void givesAStrangerOneAnswerWhateverIsAsked() throws Exception {
        var answers = new ArrayList<String>();
        for (var method : List.of("GET", "POST", "OPTIONS")) {
            for (var path : List.of("/", PeerPaths.HELLO, PeerPaths.TAKE, "/api/v1/me", "/login")) {
                var answer = raw(listener.port(), method, path, List.of(), "{}");
                answers.add(answer.body());
                assertThat(answer.statusCode()).isIn(401, 429);
                assertThat(answer.headers().firstValue(PeerSignature.SIGNATURE)).isEmpty();
            }
        }

        assertThat(answers).hasSize(15).containsOnly(answers.getFirst());
        assertThat(raw(listener.port(), "GET", "/", List.of(), "").statusCode())
                .as("after more than a few")
                .isEqualTo(429);
        assertThat(refusal(listener.port(), KEY, Clock.systemUTC()))
                .as("who holds the key does not wait for strangers at the same address")
                .isNull();
    }

    /** Everything that passes is seen by somebody who shows a certificate of their own, and handed on as it is. */
    @Test
    void gainsNothingForWhoStandsBetween() throws Exception {
        try (var between = new Between(listener.port(), authority)) {
            var refused = refusal(between.port(), KEY, Clock.systemUTC());

            assertThat(refused.kind()).isEqualTo(PeerTrouble.Kind.UNTRUSTED);
            assertThat(between.statuses).as("what the listener said to it").containsExactly(401);
            assertThat(host.heard).isEmpty();
        }
    }

    @Test
    void takesNoRequestTwice() throws Exception {
        var signature = new PeerSignature(KEY, shownBy(listener.port()));
        byte[] body = ProtocolJson.write(HERE);
        var digest = ProtocolJson.sha256Hex(body);
        var time = Long.toString(Instant.now().getEpochSecond());
        var nonce = "n".repeat(32);
        var headers = List.of(
                PeerSignature.TIME, time,
                PeerSignature.NONCE, nonce,
                PeerSignature.DIGEST, digest,
                PeerSignature.SIGNATURE, signature.ofRequest("POST", PeerPaths.HELLO, time, nonce, digest));
        var text = new String(body, StandardCharsets.UTF_8);

        assertThat(raw(listener.port(), "POST", PeerPaths.HELLO, headers, text).statusCode())
                .isEqualTo(200);
        assertThat(raw(listener.port(), "POST", PeerPaths.HELLO, headers, text).statusCode())
                .isEqualTo(401);
        assertThat(raw(listener.port(), "POST", PeerPaths.HELLO, headers, text + " ")
                        .statusCode())
                .as("with another body")
                .isEqualTo(401);
        int port = listener.port();
        listener.close();
        listener = PeerListener.open(port, KEY, host, authority, Clock.systemUTC());
        assertThat(raw(port, "POST", PeerPaths.HELLO, headers, text).statusCode())
                .as("opened anew, it remembers no request, but shows another certificate")
                .isEqualTo(401);
    }

    private static String shownBy(int port) throws IOException {
        var trust = new PinnedTrust(null);
        try (var socket =
                (javax.net.ssl.SSLSocket) trust.context().getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
        }
        return String.valueOf(trust.seen());
    }

    private static HttpResponse<String> raw(int port, String method, String path, List<String> headers, String body)
            throws Exception {
        try (var http = HttpClient.newBuilder()
                .sslContext(new PinnedTrust(null).context())
                .version(HttpClient.Version.HTTP_1_1)
                .build()) {
            var request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
                    .method(method, BodyPublishers.ofString(body));
            for (int i = 0; i < headers.size(); i += 2) {
                request.header(headers.get(i), headers.get(i + 1));
            }
            return http.send(request.build(), BodyHandlers.ofString());
        }
    }

    private static final class Between implements AutoCloseable {
        private final HttpsServer server;
        private final int target;
        private final List<Integer> statuses = new ArrayList<>();

        Between(int target, Authority authority) throws Exception {
            this.target = target;
            var pair = Authority.newKeyPair();
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("own", pair.getPrivate(), new char[0], new Certificate[] {
                authority.issueServer(pair.getPublic(), List.of("between"), Instant.now(), Duration.ofHours(1))
            });
            var keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, new char[0]);
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            server.setHttpsConfigurator(new HttpsConfigurator(context));
            server.createContext("/", this::handOn);
            server.start();
        }

        int port() {
            return server.getAddress().getPort();
        }

        private void handOn(HttpExchange exchange) throws IOException {
            var headers = new ArrayList<String>();
            for (var name :
                    List.of(PeerSignature.TIME, PeerSignature.NONCE, PeerSignature.DIGEST, PeerSignature.SIGNATURE)) {
                headers.addAll(List.of(
                        name, String.valueOf(exchange.getRequestHeaders().getFirst(name))));
            }
            try {
                var answer = raw(
                        target,
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getPath(),
                        headers,
                        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                statuses.add(answer.statusCode());
                answer.headers()
                        .firstValue(PeerSignature.SIGNATURE)
                        .ifPresent(value -> exchange.getResponseHeaders().set(PeerSignature.SIGNATURE, value));
                byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(answer.statusCode(), body.length);
                exchange.getResponseBody().write(body);
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new UncheckedIOException(new IOException(e));
            } finally {
                exchange.close();
            }
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
