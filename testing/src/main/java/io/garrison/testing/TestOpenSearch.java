package io.garrison.testing;

import io.garrison.embedded.OpenSearchServer;
import java.util.Map;

/** The OpenSearch of this JVM's tests. Started on first use, gone with all its data when the JVM ends. */
public final class TestOpenSearch {

    private static final String PASSWORD = "test-opensearch";
    private static final OpenSearchServer SERVER = start();

    private TestOpenSearch() {}

    public static String url() {
        return SERVER.url();
    }

    /** The application's properties for this server, {@code garrison.opensearch.*}. */
    public static Map<String, String> properties() {
        return Map.of(
                "garrison.opensearch.url",
                SERVER.url(),
                "garrison.opensearch.username",
                OpenSearchServer.USERNAME,
                "garrison.opensearch.password",
                PASSWORD);
    }

    private static OpenSearchServer start() {
        var directory = TestDirectory.shared();
        var server = OpenSearchServer.start(
                directory.resolve("opensearch"), directory.resolve("opensearch.log"), 0, PASSWORD);
        TestDirectory.closeAtExit(server);
        return server;
    }
}
