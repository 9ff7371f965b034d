package io.garrison.edge.doctor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Questions to a service on the way, each with a limit. */
final class HttpQuestions implements AutoCloseable {

    private final Duration patience;
    private final HttpClient client;

    HttpQuestions(Duration patience) {
        this.patience = patience;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(patience)
                .build();
    }

    record Answer(int status, String body) {}

    Answer get(URI uri) throws IOException, InterruptedException {
        return ask(HttpRequest.newBuilder(uri).GET());
    }

    /** @param value of the header; an empty one is not sent */
    Answer get(URI uri, String header, String value) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri).GET();
        return ask(value.isEmpty() ? request : request.header(header, value));
    }

    Answer post(URI uri, String json) throws IOException, InterruptedException {
        return ask(HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private Answer ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        var answer = client.send(request.timeout(patience).build(), BodyHandlers.ofString());
        return new Answer(answer.statusCode(), answer.body());
    }

    static String reason(IOException problem) {
        return problem instanceof ConnectException ? "connection refused" : String.valueOf(problem.getMessage());
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
