package io.garrison.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** The documented HTTP API, as the demonstration uses it. */
final class DemoApi {

    static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String base;
    private final @Nullable String token;

    private DemoApi(String base, @Nullable String token) {
        this.base = base;
        this.token = token;
    }

    static DemoApi anonymous(String base) {
        return new DemoApi(base, null);
    }

    DemoApi signIn(String email, String password) throws IOException, InterruptedException {
        var answer = post("/api/v1/auth/token", Map.of("username", email, "password", password));
        return new DemoApi(base, answer.body().path("token").asString());
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send("GET", path, null, "application/json", null);
    }

    Answer post(String path, Object body) throws IOException, InterruptedException {
        return send("POST", path, JSON.writeValueAsBytes(body), "application/json", null);
    }

    Answer postText(String path, String body, String contentType) throws IOException, InterruptedException {
        return send("POST", path, body.getBytes(StandardCharsets.UTF_8), contentType, null);
    }

    Answer put(String path, Object body, @Nullable String ifMatch) throws IOException, InterruptedException {
        return send("PUT", path, JSON.writeValueAsBytes(body), "application/json", ifMatch);
    }

    private Answer send(
            String method, String path, byte @Nullable [] body, String contentType, @Nullable String ifMatch)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(30));
        request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (body != null) {
            request.header("Content-Type", contentType);
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (ifMatch != null) {
            request.header("If-Match", ifMatch);
        }
        var response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() >= 300) {
            throw new IOException("%s %s answered %d: %s"
                    .formatted(
                            method, path, response.statusCode(), new String(response.body(), StandardCharsets.UTF_8)));
        }
        return new Answer(
                response.body().length == 0 ? MissingNode.getInstance() : JSON.readTree(response.body()),
                response.headers().firstValue("ETag").orElse(null));
    }

    record Answer(JsonNode body, @Nullable String etag) {
        String id() {
            return body.path("id").asString();
        }
    }
}
