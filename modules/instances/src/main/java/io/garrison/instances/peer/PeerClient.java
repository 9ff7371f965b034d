package io.garrison.instances.peer;

import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * Dials the peer, for a few questions. What is worth hiding is said only after the listener has proven, by its signed answer
 * to a greeting, that its certificate belongs to somebody who holds the key.
 */
public final class PeerClient implements Peer, AutoCloseable {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Address address;
    private final Clock clock;
    private final PeerSignature signature;
    private final HttpClient http;

    private PeerClient(Address address, Clock clock, PeerSignature signature, HttpClient http) {
        this.address = address;
        this.clock = clock;
        this.signature = signature;
        this.http = http;
    }

    /** @param timeout for each step */
    public record Address(String host, int port, Duration timeout) {

        URI uri(String path) {
            var name = host.indexOf(':') < 0 ? host : "[" + host + "]";
            return URI.create("https://%s:%d%s".formatted(name, port, path));
        }
    }

    /**
     * Dials, and greets.
     *
     * @throws PeerTrouble if nobody answers there, or somebody who is not the peer of the one who greets
     */
    public static PeerClient dial(Address address, byte[] key, Introduction self, Clock clock) throws PeerTrouble {
        var server = look(address);
        var http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(address.timeout())
                .sslContext(new PinnedTrust(server).context())
                .build();
        var client = new PeerClient(address, clock, new PeerSignature(key.clone(), server), http);
        try {
            requireOther(self, client.ask(PeerPaths.HELLO, self, Introduction.class));
            return client;
        } catch (PeerTrouble | RuntimeException e) {
            client.close();
            throw e;
        }
    }

    /** @throws PeerTrouble unless the two can keep one configuration */
    public static void requireOther(Introduction self, Introduction other) throws PeerTrouble {
        if (other.installation().equals(self.installation())) {
            throw new PeerTrouble(
                    PeerTrouble.Kind.REFUSED, "sync.own-self", "The peer is this machine itself. Name the other one.");
        }
        if (!other.tenant().equals(self.tenant())) {
            throw new PeerTrouble(
                    PeerTrouble.Kind.REFUSED,
                    "sync.other-tenant",
                    "The peer belongs to another tenant. Both need a sub-licence of one tenant.");
        }
    }

    /** The fingerprint of the certificate that is shown there. */
    private static String look(Address address) throws PeerTrouble {
        var trust = new PinnedTrust(null);
        int millis = (int) address.timeout().toMillis();
        try (var plain = new Socket()) {
            plain.connect(new InetSocketAddress(address.host(), address.port()), millis);
            plain.setSoTimeout(millis);
            try (var socket = (SSLSocket)
                    trust.context().getSocketFactory().createSocket(plain, address.host(), address.port(), true)) {
                socket.startHandshake();
            }
        } catch (IOException e) {
            throw unreachable(address, e);
        }
        var seen = trust.seen();
        if (seen == null) {
            throw new IllegalStateException("a handshake without a certificate");
        }
        return seen;
    }

    @Override
    public Overview overview(Overview here) throws PeerTrouble {
        return ask(PeerPaths.OVERVIEW, here, Overview.class);
    }

    @Override
    public Content content(String stack, boolean whole) throws PeerTrouble {
        return ask(PeerPaths.CONTENT, new PeerPaths.Wanted(stack, whole), Content.class);
    }

    @Override
    public Taken take(Offer offer) throws PeerTrouble {
        return ask(PeerPaths.TAKE, offer, Taken.class);
    }

    private <T> T ask(String path, Object question, Class<T> type) throws PeerTrouble {
        byte[] body = ProtocolJson.write(question);
        var nonce = nonce();
        var time = Long.toString(clock.instant().getEpochSecond());
        var digest = ProtocolJson.sha256Hex(body);
        var request = HttpRequest.newBuilder(address.uri(path))
                .timeout(address.timeout())
                .header("Content-Type", "application/json")
                .header(PeerSignature.TIME, time)
                .header(PeerSignature.NONCE, nonce)
                .header(PeerSignature.DIGEST, digest)
                .header(PeerSignature.SIGNATURE, signature.ofRequest("POST", path, time, nonce, digest))
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        return read(send(request), nonce, type);
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws PeerTrouble {
        var answer = http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), PeerPaths.MAX_BYTES));
        try {
            // The time-out of the request ends with the head of the answer; the body must come in time as well.
            return answer.get(address.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw unreachable(address, new java.net.SocketTimeoutException());
        } catch (ExecutionException e) {
            throw unreachable(address, e.getCause() instanceof IOException io ? io : new IOException(e.getCause()));
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw unreachable(address, new IOException("interrupted", e));
        }
    }

    private <T> T read(HttpResponse<byte[]> answer, String nonce, Class<T> type) throws PeerTrouble {
        byte[] body = answer.body();
        var right = signature.ofAnswer(nonce, answer.statusCode(), ProtocolJson.sha256Hex(body));
        var given = answer.headers().firstValue(PeerSignature.SIGNATURE).orElse("");
        if (!PeerSignature.equal(right, given)) {
            throw new PeerTrouble(
                    PeerTrouble.Kind.UNTRUSTED,
                    "sync.refused",
                    "Whoever answers at %s port %d does not hold the same key. Set one key on both machines."
                            .formatted(address.host(), address.port()));
        }
        try {
            if (answer.statusCode() == 200) {
                return ProtocolJson.read(body, type);
            }
            var problem = ProtocolJson.read(body, Problem.class);
            throw new PeerTrouble(PeerTrouble.Kind.REFUSED, problem.code(), problem.message());
        } catch (IllegalArgumentException e) {
            throw new PeerTrouble(
                    PeerTrouble.Kind.REFUSED,
                    "sync.unintelligible",
                    "The peer answers in a form that is not known here. Bring both machines to one version.");
        }
    }

    private static String nonce() {
        byte[] random = new byte[24];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private static PeerTrouble unreachable(Address address, IOException cause) {
        var reason = switch (cause) {
            case UnknownHostException e -> "There is no host of this name.";
            case java.net.SocketTimeoutException e ->
                "No answer within %d s.".formatted(address.timeout().toSeconds());
            case java.net.http.HttpTimeoutException e ->
                "No answer within %d s.".formatted(address.timeout().toSeconds());
            case java.net.ConnectException e -> "Nobody listens there.";
            case SSLException e -> "What listens there is no Configuration Sync.";
            default -> "The connection broke off.";
        };
        return new PeerTrouble(
                PeerTrouble.Kind.UNREACHABLE,
                "sync.unreachable",
                "The peer at %s port %d cannot be reached. %s".formatted(address.host(), address.port(), reason));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
