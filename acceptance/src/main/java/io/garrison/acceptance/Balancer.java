package io.garrison.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** One address before several replicas, as a service of Kubernetes is: real HAProxy, connection by connection. */
public final class Balancer implements AutoCloseable {

    public final int port = Installation.freePort();
    private final Process haproxy;

    /** @param addresses whose same port may begin and cease to answer */
    public Balancer(Path directory, List<String> addresses) {
        var servers = addresses.stream()
                .map(each -> "  server at-%s %s:%d check inter 300ms fall 1 rise 1".formatted(each, each, port))
                .collect(Collectors.joining("\n"));
        try {
            var configuration = Files.writeString(directory.resolve("balancer.cfg"), """
                    defaults
                      mode tcp
                      timeout connect 2s
                      timeout client 90s
                      timeout server 90s
                      option redispatch 1
                      retries 3
                      default-server on-marked-down shutdown-sessions
                    listen replicas
                      bind 127.0.0.1:%d
                      balance roundrobin
                    %s
                    """.formatted(port, servers));
            haproxy = new ProcessBuilder(program(), "-db", "-f", configuration.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("balancer.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Await.until("the balancer", Duration.ofSeconds(10), () -> {
            new java.net.Socket("127.0.0.1", port).close();
            return true;
        });
    }

    private static String program() {
        return List.of("/usr/sbin/haproxy", "/usr/local/sbin/haproxy", "/usr/bin/haproxy").stream()
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        haproxy.destroyForcibly();
    }
}
