package io.garrison.guards;

import io.garrison.tenancy.FirstAdministrator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/** Calls every endpoint of the running application as somebody who may do everything, and judges its refusals. */
public final class Prober implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<Integer> REFUSED = Set.of(400, 401, 403, 404, 409, 412, 413, 422, 428);

    private final HttpClient http = HttpClient.newHttpClient();
    private final String base;
    private final TwoTenants world;
    private final SortedMap<Endpoint, HandlerMethod> endpoints;

    private Prober(String base, TwoTenants world, SortedMap<Endpoint, HandlerMethod> endpoints) {
        this.base = base;
        this.world = world;
        this.endpoints = endpoints;
    }

    public static Prober make(String base, FirstAdministrator first, RequestMappingHandlerMapping mappings)
            throws Exception {
        return new Prober(base, TwoTenants.make(base, first), Endpoint.all(mappings));
    }

    public SortedMap<Endpoint, HandlerMethod> all() {
        return endpoints;
    }

    public List<Endpoint> those(Predicate<Endpoint> chosen) {
        return endpoints.keySet().stream().filter(chosen).toList();
    }

    public HandlerMethod handler(Endpoint endpoint) {
        return Optional.ofNullable(endpoints.get(endpoint)).orElseThrow();
    }

    /** Where the endpoint is, for objects of the first tenant. */
    public String path(Endpoint endpoint) {
        return world.path(endpoint, world.own());
    }

    /** The same with another name, as it stands in an address, in place of a variable. */
    public String path(Endpoint endpoint, String variable, String name) {
        return world.path(endpoint, world.own(), variable, name);
    }

    /** A call with the example of the endpoint's body, if it has one. */
    public HttpResponse<String> send(Endpoint endpoint, String path, Map<String, String> headers)
            throws IOException, InterruptedException {
        var example = Optional.ofNullable(Examples.of(endpoint)).orElse("");
        return send(endpoint, path, example.getBytes(StandardCharsets.UTF_8), headers);
    }

    public HttpResponse<String> send(Endpoint endpoint, String path, byte[] body, Map<String, String> headers)
            throws IOException, InterruptedException {
        return send(endpoint, path, body, headers, world.providersToken());
    }

    /** A call by somebody whom nothing else depends on. */
    public HttpResponse<String> sendAsAStranger(Endpoint endpoint, Map<String, String> headers)
            throws IOException, InterruptedException {
        return send(endpoint, path(endpoint), new byte[0], headers, world.strangersToken());
    }

    private HttpResponse<String> send(
            Endpoint endpoint, String path, byte[] body, Map<String, String> headers, @Nullable String token)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", Examples.contentType(endpoint))
                .method(
                        endpoint.method(),
                        endpoint.method().equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** What is wrong with an answer as a refusal. */
    public static Optional<String> flaw(HttpResponse<String> answer) {
        var told = answer.statusCode() + " "
                + answer.body().substring(0, Math.min(300, answer.body().length()));
        if (!REFUSED.contains(answer.statusCode())) {
            return Optional.of(told);
        }
        if (!answer.headers().firstValue("Content-Type").orElse("").startsWith("application/problem+json")) {
            return Optional.of("no problem: " + told);
        }
        var code = JSON.readTree(answer.body()).path("code").asString();
        return code.matches("[a-z][a-z.-]+") ? Optional.empty() : Optional.of("no code: " + told);
    }

    @Override
    public void close() {
        http.close();
    }
}
