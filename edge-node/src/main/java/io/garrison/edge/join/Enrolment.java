package io.garrison.edge.join;

import io.garrison.edge.state.EdgeConfig;
import io.garrison.edge.state.StateDirectory;
import io.garrison.protocol.EnrollRequest;
import io.garrison.protocol.EnrollResponse;
import io.garrison.protocol.PinnedTrust;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges a token for an identity. Nothing is stored until everything has been received and checked, so that a join
 * that breaks off leaves nothing behind.
 */
public record Enrolment(Clock clock) {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What became of the attempt. */
    public sealed interface Outcome {

        /** @param undelivered why the former management does not have all that was counted for it; null if it has */
        record Joined(Identity identity, @Nullable String undelivered) implements Outcome {}

        /** @param reason for people: what is wrong and what to do */
        record Failed(String code, String reason) implements Outcome {}
    }

    /**
     * @param gateway the edge gateway's address
     * @param caSha256 SHA-256, hex, of the gateway's authority
     */
    public Outcome join(
            URI gateway,
            String token,
            String caSha256,
            StateDirectory state,
            EdgeConfig config,
            Map<String, String> facts)
            throws IOException, InterruptedException {
        var key = KeyRequest.create();
        var request = HttpRequest.newBuilder(gateway.resolve("/edge/v1/enroll"))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(ProtocolJson.write(new EnrollRequest(token, key.csrPem(), facts))))
                .build();
        HttpResponse<byte[]> response;
        try (var client = client(caSha256)) {
            response = client.send(request, BodyHandlers.ofByteArray());
        } catch (SSLException e) {
            return untrusted(e);
        } catch (ConnectException | HttpTimeoutException | UnresolvedAddressException e) {
            return new Outcome.Failed(
                    "unreachable",
                    "cannot reach " + gateway + "; check the address, and that this machine may dial out to it");
        }
        return switch (response.statusCode()) {
            case 200, 201 -> store(gateway, key, response.body(), state, config);
            case 401, 403 ->
                new Outcome.Failed(
                        "token-refused",
                        "the token is spent, expired or not for this installation; make a new one and join again");
            default ->
                new Outcome.Failed(
                        "refused", "management answered " + response.statusCode() + " to the request to join");
        };
    }

    private Outcome store(URI gateway, KeyRequest key, byte[] body, StateDirectory state, EdgeConfig config)
            throws IOException, InterruptedException {
        EnrollResponse answer;
        Identity identity;
        try {
            answer = ProtocolJson.read(body, EnrollResponse.class);
            identity = Identity.of(gateway, key, answer);
        } catch (IllegalArgumentException | NullPointerException e) {
            return new Outcome.Failed("bad-answer", "management's answer is not an identity: " + e.getMessage());
        }
        var undelivered = new JoinedState(state).replaceWith(identity, config, answer.lease(), clock);
        return new Outcome.Joined(identity, undelivered);
    }

    private HttpClient client(String caSha256) {
        try {
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {new PinnedTrust(caSha256, clock)}, null);
            return HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(PATIENCE)
                    .sslContext(context)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS 1.3", e);
        }
    }

    private static Outcome untrusted(SSLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof PinnedTrust.Untrusted untrusted) {
                var code = untrusted.getCause() == null ? "wrong-authority" : "clock";
                return new Outcome.Failed(code, String.valueOf(untrusted.getMessage()));
            }
        }
        return new Outcome.Failed("untrusted", "the server is not trusted: " + e.getMessage());
    }
}
