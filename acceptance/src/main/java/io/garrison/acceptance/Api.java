package io.garrison.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** A program of somebody else's that speaks the documented HTTP contract. */
public final class Api {

    public static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String base;
    private final String credential;

    private Api(String base, String credential) {
        this.base = base;
        this.credential = credential;
    }

    public static Api anonymous(String base) {
        return new Api(base, null);
    }

    public Api with(String bearer) {
        return new Api(base, bearer);
    }

    /** The same credential at another address. */
    public Api at(String address) {
        return new Api(address, credential);
    }

    public Api signIn(String username, String password) {
        var answer = post("/api/v1/auth/token", Map.of("username", username, "password", password))
                .expect(200);
        for (var field : new String[] {"token", "accessToken", "access_token"}) {
            if (answer.body().path(field).isString()) {
                return with(answer.body().path(field).asString());
            }
        }
        throw new AssertionError("no token in " + answer.body());
    }

    public Answer get(String path) {
        return send("GET", path, null, "application/json", Map.of());
    }

    public Answer post(String path, Object body) {
        return send("POST", path, JSON.writeValueAsBytes(body), "application/json", Map.of());
    }

    public Answer postJose(String path, String body) {
        return send("POST", path, body.getBytes(), "application/jose", Map.of());
    }

    public Answer put(String path, Object body, String ifMatch) {
        return send("PUT", path, JSON.writeValueAsBytes(body), "application/json", Map.of("If-Match", ifMatch));
    }

    public Answer send(String method, String path, byte[] body, String contentType, Map<String, String> headers) {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(60))
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (body != null) {
            request.header("Content-Type", contentType);
        }
        if (credential != null) {
            request.header("Authorization", "Bearer " + credential);
        }
        headers.forEach(request::header);
        try {
            return new Answer(method + " " + path, http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Follows an operation to its end. */
    public Answer await(Answer accepted, Duration limit) {
        var location = URI.create(accepted.expect(202).header("Location")).getPath();
        var last = new Answer[1];
        Await.until("operation " + location, limit, () -> {
            last[0] = get(location).expect(200);
            return !last[0].body().path("state").asString().equals("RUNNING");
        });
        assertThat(last[0].body().path("state").asString())
                .as("%s", last[0].body())
                .isEqualTo("SUCCEEDED");
        return last[0];
    }

    public record Answer(String what, HttpResponse<byte[]> response) {

        public int status() {
            return response.statusCode();
        }

        public String text() {
            return new String(response.body());
        }

        public JsonNode body() {
            return response.body().length == 0 ? MissingNode.getInstance() : JSON.readTree(response.body());
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElseThrow(() -> new AssertionError(what + ": no " + name));
        }

        public String id() {
            return body().path("id").asString();
        }

        public Answer expect(int status) {
            assertThat(status()).as("%s answered %s", what, text()).isEqualTo(status);
            return this;
        }

        public Answer expectProblem(int status, String code) {
            expect(status);
            assertThat(header("Content-Type")).as(what).startsWith("application/problem+json");
            assertThat(body().path("code").asString())
                    .as("%s: %s", what, text())
                    .isEqualTo(code);
            return this;
        }
    }
}
