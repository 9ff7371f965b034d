package io.garrison.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One OpenSearch node on loopback that asks every request for its password. */
public final class OpenSearchServer implements AutoCloseable {

    /** The only account. */
    public static final String USERNAME = "garrison";

    private static final String OPTION = "--opensearch-port";
    private static final JvmServer JVM = new JvmServer(
            "opensearch-server",
            "io.garrison.opensearch.OpenSearchMain",
            List.of("-Xms256m", "-Xmx512m", "--add-modules=jdk.incubator.vector", "-Dlog4j2.disable.jmx=true"));

    private final SupervisedProcess process;
    private final int port;
    private final String password;

    private OpenSearchServer(SupervisedProcess process, int port, String password) {
        this.process = process;
        this.port = port;
        this.password = password;
    }

    /**
     * Starts the server.
     *
     * @param home directory of the server's own files
     * @param log file that takes what it prints
     * @param port loopback port for HTTP; 0 for any free one
     * @param password of {@link #USERNAME}
     * @throws EmbeddedException if it cannot be started; the message says why
     */
    public static OpenSearchServer start(Path home, Path log, int port, String password) {
        var pidFile = new PidFile(home.resolve("server.pid"));
        pidFile.awaitEndOfLeftover();
        int claimed = LoopbackPorts.claim(port, "OpenSearch", OPTION);
        try {
            PrivateFiles.directory(home);
            Path configuration = PrivateFiles.directory(home.resolve("config"));
            PrivateFiles.write(configuration.resolve("credentials"), USERNAME + ":" + password);
            PrivateFiles.write(
                    configuration.resolve("node.properties"),
                    "http.port=%d%ntransport.port=%d%n".formatted(claimed, LoopbackPorts.free()));
            var spec = new ChildSpec(
                    "OpenSearch",
                    JVM.command(home),
                    log,
                    pidFile,
                    "TERM",
                    Duration.ofSeconds(120),
                    Duration.ofSeconds(12),
                    (process, output) -> output.readySeen());
            return new OpenSearchServer(SupervisedProcess.start(spec), claimed, password);
        } catch (IOException e) {
            throw new EmbeddedException("Cannot prepare OpenSearch in " + home + ": " + e.getMessage(), e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public String password() {
        return password;
    }

    /** Process id of the running server; another one after a restart. */
    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.close();
    }
}
