package io.garrison.edge.cluster.discovery;

import io.garrison.edge.cluster.discovery.DiscoveryException.Problem;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** HTTP with the dial timeout as its limit, and answers of at most 4 MiB. */
final class HttpCalls implements AutoCloseable {

    private static final long LONGEST_ANSWER = 4 << 20;

    private final HttpClient client;
    private final Duration timeout;
    private final String whom;
    private final Problem otherwise;

    /** @param body absent if there is none */
    record Answer(int status, byte[] body) {
        boolean isGood() {
            return status / 100 == 2;
        }
    }

    /**
     * @param trust absent for the authorities of the virtual machine
     * @param whom for people
     * @param otherwise what it is called when nobody answers
     */
    HttpCalls(Duration timeout, @Nullable SSLContext trust, String whom, Problem otherwise) {
        var builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(timeout);
        if (trust != null) {
            builder.sslContext(trust);
        }
        this.client = builder.build();
        this.timeout = timeout;
        this.whom = whom;
        this.otherwise = otherwise;
    }

    HttpRequest.Builder to(URI address) {
        return HttpRequest.newBuilder(address).timeout(timeout).header("Accept", "application/json");
    }

    Answer send(HttpRequest request) throws DiscoveryException, InterruptedException {
        try {
            HttpResponse<byte[]> response =
                    client.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER));
            return new Answer(response.statusCode(), response.body());
        } catch (HttpTimeoutException e) {
            throw new DiscoveryException(
                    Problem.TIMED_OUT,
                    whom + " at " + request.uri().getAuthority() + " does not answer within " + timeout.toMillis()
                            + " ms",
                    e);
        } catch (IOException e) {
            throw new DiscoveryException(
                    otherwise, whom + " at " + request.uri().getAuthority() + " is not reached: " + reason(e), e);
        }
    }

    JsonNode json(Answer answer) throws DiscoveryException {
        try {
            return ProtocolJson.mapper().readTree(answer.body());
        } catch (tools.jackson.core.JacksonException e) {
            throw new DiscoveryException(Problem.ANSWER_NOT_UNDERSTOOD, whom + " does not answer in JSON", e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private static String reason(IOException e) {
        var text = e.getMessage();
        return text == null
                ? (e instanceof ConnectException
                        ? "nobody listens"
                        : e.getClass().getSimpleName())
                : text;
    }
}
