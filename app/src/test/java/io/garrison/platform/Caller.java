package io.garrison.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the API as programs do, well-behaved or not. */
final class Caller implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern HEAD =
            Pattern.compile("(?is)HTTP.*?\\r\\ncontent-length: (\\d+)\\r\\n(?:.*?\\r\\n)?\\r\\n");

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;

    Caller(int port) {
        this.port = port;
    }

    /** @param token empty for none */
    HttpRequest.Builder request(String path, String token) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> send(String method, String path, String token, @Nullable String key, String body)
            throws IOException, InterruptedException {
        var request = request(path, token)
                .header("Content-Type", "application/json")
                .method(method, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return send(request);
    }

    /** Sends these very characters; what comes back until the answer is whole, the connection ends or ten seconds pass. */
    String raw(String request) throws IOException {
        var answer = new StringBuilder();
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            var buffer = new byte[4_096];
            for (int read = 0;
                    read >= 0 && !isWhole(answer);
                    read = socket.getInputStream().read(buffer)) {
                answer.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
            }
        } catch (SocketTimeoutException | SocketException e) {
            // What came before is the answer; an assertion on it says more than this would.
        }
        return answer.toString();
    }

    private static boolean isWhole(CharSequence answer) {
        var head = HEAD.matcher(answer);
        return answer.toString().endsWith("\r\n0\r\n\r\n")
                || head.lookingAt() && answer.length() - head.end() >= Integer.parseInt(head.group(1));
    }

    static JsonNode assertProblem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .as(answer.body())
                .startsWith("application/problem+json");
        var problem = JSON.readTree(answer.body());
        assertThat(problem.path("code").asString()).isEqualTo(code);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(answer.body()).doesNotContain(PlantedEndpoints.SECRET).doesNotContain("Exception");
        return problem;
    }

    @Override
    public void close() {
        http.close();
    }
}
