package io.garrison.reporting.search;

import io.garrison.protocol.ProtocolJson;
import io.garrison.reporting.LogSearch.SearchUnavailable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The few calls to OpenSearch that are needed, over plain HTTP. Searching belongs to {@link TenantSearch} alone; nobody
 * else may ask for documents.
 */
@Component
class SearchNode {

    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /** A day's index that is just being made does not answer for a moment. Half an answer is never given. */
    private static final int SEARCH_AGAIN = 5;

    private static final Duration BEFORE_AGAIN = Duration.ofMillis(300);

    private final SearchSettings settings;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    SearchNode(SearchSettings settings) {
        this.settings = settings;
    }

    /** Documents of one routing value; the caller has put its filter into the body. */
    JsonNode search(String indices, String routing, Map<String, ?> body) {
        var path =
                "/%s/_search?routing=%s&ignore_unavailable=true&allow_no_indices=true&allow_partial_search_results=false"
                        .formatted(indices, routing);
        var json = ProtocolJson.write(body);
        var answer = send("POST", path, json, "application/json");
        for (var again = 0; answer.statusCode() == 503 && again < SEARCH_AGAIN; again++) {
            pause();
            answer = send("POST", path, json, "application/json");
        }
        return require(answer, 200);
    }

    JsonNode deleteByTenant(String indices, String routing) {
        var path = "/%s/_delete_by_query?routing=%s&ignore_unavailable=true&allow_no_indices=true&conflicts=proceed"
                .formatted(indices, routing);
        var body = Map.of("query", Map.of("term", Map.of("tenant", routing)));
        return require(send("POST", path, ProtocolJson.write(body), "application/json"), 200);
    }

    /** @param lines newline-delimited JSON, at most some megabytes */
    JsonNode bulk(byte[] lines) {
        return require(send("POST", "/_bulk", lines, "application/x-ndjson"), 200);
    }

    /** Makes an index unless there is one. */
    void create(String index, Map<String, ?> definition) {
        var answer = send("PUT", "/" + index, ProtocolJson.write(definition), "application/json");
        if (answer.statusCode() == 400 && text(answer).contains("resource_already_exists_exception")) {
            return;
        }
        require(answer, 200);
    }

    /** Names of all indices of a pattern. */
    Iterable<String> indices(String pattern) {
        var answer =
                require(send("GET", "/" + pattern + "/_settings?flat_settings=true", null, "application/json"), 200);
        return answer.propertyNames();
    }

    void delete(String index) {
        var answer = send("DELETE", "/" + index + "?ignore_unavailable=true", null, "application/json");
        if (answer.statusCode() != 404) {
            require(answer, 200);
        }
    }

    void ping() {
        require(send("GET", "/", null, "application/json"), 200);
    }

    private HttpResponse<byte[]> send(String method, String path, byte @Nullable [] body, String type) {
        if (!settings.isPresent()) {
            throw new SearchUnavailable("garrison.opensearch.url is not set", null);
        }
        var publisher =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body);
        var request = HttpRequest.newBuilder(URI.create(settings.url() + path))
                .timeout(ANSWER)
                .header("Content-Type", type)
                .method(method, publisher);
        if (settings.username() != null && !settings.username().isBlank()) {
            var credentials = settings.username() + ":" + settings.password();
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new SearchUnavailable("OpenSearch does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SearchUnavailable("interrupted while waiting for OpenSearch", e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(BEFORE_AGAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SearchUnavailable("interrupted while waiting for OpenSearch", e);
        }
    }

    private static JsonNode require(HttpResponse<byte[]> answer, int status) {
        if (answer.statusCode() != status) {
            var told = text(answer);
            throw new SearchUnavailable(
                    "OpenSearch answered %d: %s"
                            .formatted(answer.statusCode(), told.substring(0, Math.min(300, told.length()))),
                    null);
        }
        try {
            return ProtocolJson.mapper().readTree(answer.body());
        } catch (JacksonException e) {
            throw new SearchUnavailable("OpenSearch answered something else than JSON", e);
        }
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
