package io.garrison.edge.cli;

import io.garrison.edge.health.Control;
import io.garrison.edge.state.StateDirectory;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The agent that runs with a state directory, if one does. */
record RunningAgent(StateDirectory state) {

    private static final int PATIENCE_MS = 60_000;

    /**
     * @return the answer; nothing if no agent runs
     * @throws IOException if the agent could not do it; the message says why
     */
    <T> Optional<T> ask(String command, Class<T> answer) throws IOException {
        return ask(command, null, answer);
    }

    /** As {@link #ask(String, Class)}, of a command that takes a document. */
    <T> Optional<T> ask(String command, @Nullable Object document, Class<T> answer) throws IOException {
        if (!Files.exists(state.control())) {
            return Optional.empty();
        }
        var control = ProtocolJson.read(Files.readAllBytes(state.control()), Control.class);
        var connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + control.port() + "/control/" + command)
                .toURL()
                .openConnection();
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Authorization", "Bearer " + control.token());
        connection.setConnectTimeout(5_000);
        connection.setReadTimeout(PATIENCE_MS);
        try {
            if (document != null) {
                connection.setDoOutput(true);
                connection.getOutputStream().write(ProtocolJson.write(document));
            }
            int status = connection.getResponseCode();
            // Another process may have the port of an agent that was killed.
            if (status == 401 || status == 404) {
                return Optional.empty();
            }
            if (status != 200) {
                try (var body = connection.getErrorStream()) {
                    throw new IOException(body == null ? "status " + status : messageOf(body.readAllBytes()));
                }
            }
            try (var body = connection.getInputStream()) {
                return Optional.of(ProtocolJson.read(body.readAllBytes(), answer));
            }
        } catch (ConnectException e) {
            return Optional.empty();
        } finally {
            connection.disconnect();
        }
    }

    /** The document of {@code /cluster/status}. */
    @SuppressWarnings("unchecked")
    Map<String, Object> clusterStatus() throws IOException {
        var control = ProtocolJson.read(Files.readAllBytes(state.control()), Control.class);
        var connection = URI.create("http://127.0.0.1:" + control.port() + "/cluster/status")
                .toURL()
                .openConnection();
        connection.setConnectTimeout(5_000);
        connection.setReadTimeout(5_000);
        try (var body = connection.getInputStream()) {
            return ProtocolJson.read(body.readAllBytes(), Map.class);
        }
    }

    /** Of its process. */
    long pid() throws IOException {
        return ProtocolJson.read(Files.readAllBytes(state.control()), Control.class)
                .pid();
    }

    private static String messageOf(byte[] body) {
        return ProtocolJson.read(body, Told.class).message();
    }

    /** What the agent says of a command. */
    record Told(
            String message, @Nullable Boolean ok, @Nullable Long appliedRevision) {}
}
