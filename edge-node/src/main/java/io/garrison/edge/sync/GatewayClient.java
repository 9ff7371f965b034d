package io.garrison.edge.sync;

import io.garrison.edge.join.Identity;
import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.CertificateRenewal;
import io.garrison.protocol.MeterAck;
import io.garrison.protocol.MetersTaken;
import io.garrison.protocol.PolicyLimits;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.Report;
import io.garrison.protocol.ReportAnswer;
import io.garrison.protocol.SignedBundle;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The edge gateway, as this instance sees it. Thread-safe. Every method throws {@link GatewayException} on an answer it
 * does not expect, and {@link IOException} if there is none.
 */
public final class GatewayClient implements AutoCloseable {

    private static final int UNAUTHENTICATED = 401;
    private static final String SHUT_OUT = "edge.shut-out";
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(20);

    private final Executor executor;
    private volatile Connection connection;
    private volatile boolean shutOut;

    private record Connection(URI gateway, HttpClient client) {}

    /** What the gateway has to say about the desired revision. */
    public sealed interface Desired {

        record Revision(SignedBundle bundle) implements Desired {}

        /** Still the one that was named in the question. */
        record Unchanged() implements Desired {}

        /** The stack has no revision yet. */
        record None() implements Desired {}
    }

    /** @param executor runs the completions of the client */
    public GatewayClient(Identity identity, Executor executor) {
        this.executor = executor;
        this.connection = connect(identity);
    }

    /** Takes the new identity for every request from now on; those under way end by themselves. */
    public void use(Identity identity) {
        var former = connection;
        connection = connect(identity);
        former.client().shutdown();
    }

    /** Whether a person has taken this instance out of its stack, by the last word of management. */
    public boolean isShutOut() {
        return shutOut;
    }

    /** @param etag of the revision that is known; empty if none is */
    public Desired desired(String etag, int waitSeconds) throws IOException, InterruptedException {
        var request = request("/edge/v1/desired?waitSeconds=" + waitSeconds, ANSWER.plusSeconds(waitSeconds));
        if (!etag.isEmpty()) {
            request.header("If-None-Match", etag);
        }
        var response = send(request.GET().build());
        return switch (response.statusCode()) {
            case 200 -> new Desired.Revision(read(response, SignedBundle.class));
            case 304 -> new Desired.Unchanged();
            case 204 -> new Desired.None();
            default -> throw refused("desired revision", response);
        };
    }

    public CertificateMaterial certificate(String name) throws IOException, InterruptedException {
        var encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        var response =
                send(request("/edge/v1/certificates/" + encoded, ANSWER).GET().build());
        return ok("certificate " + name, response, CertificateMaterial.class);
    }

    public ReportAnswer report(Report report) throws IOException, InterruptedException {
        return ok("report", post("/edge/v1/report", ProtocolJson.write(report)), ReportAnswer.class);
    }

    public CertificateRenewal.Response renew(String csr) throws IOException, InterruptedException {
        var body = ProtocolJson.write(new CertificateRenewal.Request(csr));
        return ok("renewal", post("/edge/v1/certificate", body), CertificateRenewal.Response.class);
    }

    /** Exchanges a certificate that is over, and that the gateway would not take on a connection. */
    public CertificateRenewal.Response renewLate(Identity identity, String csr)
            throws IOException, InterruptedException {
        var body = ProtocolJson.write(new CertificateRenewal.LateRequest(identity.certificateChain(), csr));
        var request = HttpRequest.newBuilder(identity.gateway().resolve("/edge/v1/late-certificate"))
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        try (var client = client(MutualTls.anonymous(identity))) {
            return ok("late renewal", send(client, request, false), CertificateRenewal.Response.class);
        }
    }

    /**
     * Returns once the gateway has the batch.
     *
     * @param gzipped JSON of a {@link io.garrison.protocol.Telemetry}
     */
    public void telemetry(byte[] gzipped) throws IOException, InterruptedException {
        var response = send(telemetryTo("/edge/v1/telemetry", gzipped));
        if (response.statusCode() / 100 != 2) {
            throw refused("telemetry", response);
        }
    }

    /**
     * The same for meter records alone, which are taken for a while from who was taken out of its stack.
     *
     * @return what PostgreSQL has of this instance's records
     */
    public List<MeterAck> lastMeters(byte[] gzipped) throws IOException, InterruptedException {
        var request = telemetryTo("/edge/v1/usage", gzipped);
        var response = send(connection.client(), request, false);
        if (response.statusCode() / 100 != 2) {
            throw refused("last meter records", response);
        }
        return read(response, MetersTaken.class).acks();
    }

    private HttpRequest telemetryTo(String path, byte[] gzipped) {
        return request(path, ANSWER)
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(gzipped))
                .build();
    }

    @Override
    public void close() {
        connection.client().shutdownNow();
    }

    private Connection connect(Identity identity) {
        return new Connection(identity.gateway(), client(MutualTls.contextOf(identity)));
    }

    private HttpClient client(SSLContext context) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(executor)
                .connectTimeout(CONNECT)
                .sslContext(context)
                .build();
    }

    private HttpRequest.Builder request(String path, Duration timeout) {
        return HttpRequest.newBuilder(connection.gateway().resolve(path)).timeout(timeout);
    }

    private HttpResponse<byte[]> post(String path, byte[] body) throws IOException, InterruptedException {
        return send(request(path, ANSWER)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body))
                .build());
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
        return send(connection.client(), request, true);
    }

    /** @param forMembers whether a good answer says that this instance is in its stack */
    private HttpResponse<byte[]> send(HttpClient client, HttpRequest request, boolean forMembers)
            throws IOException, InterruptedException {
        var response =
                client.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), PolicyLimits.BUNDLE_BYTES));
        shutOut = response.statusCode() == UNAUTHENTICATED
                ? shutOut || saysShutOut(response)
                : shutOut && !(forMembers && isGood(response));
        return response;
    }

    private static boolean isGood(HttpResponse<?> response) {
        return response.statusCode() / 100 == 2;
    }

    private static boolean saysShutOut(HttpResponse<byte[]> response) {
        try {
            return SHUT_OUT.equals(
                    ProtocolJson.read(response.body(), Problem.class).code());
        } catch (IllegalArgumentException e) {
            return false; // somebody else's words
        }
    }

    private record Problem(@Nullable String code) {}

    private static <T> T ok(String what, HttpResponse<byte[]> response, Class<T> type) throws IOException {
        if (response.statusCode() != 200 && response.statusCode() != 201) {
            throw refused(what, response);
        }
        return read(response, type);
    }

    private static <T> T read(HttpResponse<byte[]> response, Class<T> type) throws IOException {
        try {
            return ProtocolJson.read(response.body(), type);
        } catch (IllegalArgumentException e) {
            throw new IOException("management's answer is not understood", e);
        }
    }

    private static GatewayException refused(String what, HttpResponse<byte[]> response) {
        return new GatewayException(what, response.statusCode(), retryAfter(response));
    }

    /** RFC 9110, 10.2.3; the form with a date is not used between these two. At most an hour. */
    private static Duration retryAfter(HttpResponse<byte[]> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("\\d{1,6}"))
                .map(value -> Duration.ofSeconds(Math.min(3_600, Long.parseLong(value))))
                .or(() -> Optional.of(Duration.ZERO))
                .get();
    }
}
