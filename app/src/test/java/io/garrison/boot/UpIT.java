package io.garrison.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.embedded.FileTrees;
import io.garrison.embedded.LoopbackPorts;
import io.garrison.licensing.file.VendorKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole installation as a process of its own, as the launcher runs it. */
class UpIT {

    private Path directory;

    @BeforeEach
    void createDirectory() throws IOException {
        directory = Files.createTempDirectory("garrison-up-it-");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @AfterEach
    void deleteDirectory() throws IOException {
        FileTrees.delete(directory);
    }

    @Test
    void servesUntilToldToStopAndLeavesNoProcess() throws Exception {
        int httpPort = LoopbackPorts.free();
        Process garrison = start(Map.of(), "up", "--http-port", port(httpPort), "--edge-port", anyPort());
        String ready = garrison.inputReader().readLine();
        assertThat(ready).as(messages()).isEqualTo("READY http://127.0.0.1:" + httpPort);
        assertThat(status(httpPort, "/livez")).isEqualTo(200);
        List<ProcessHandle> servers = garrison.descendants().toList();
        assertThat(servers).hasSizeGreaterThanOrEqualTo(3);

        Process second = start(Map.of(), "up", "--http-port", anyPort(), "--edge-port", anyPort());
        assertThat(second.waitFor()).isEqualTo(1);
        assertThat(messages()).contains("already runs").contains(Long.toString(garrison.pid()));

        Process down = start(Map.of(), "down");
        assertThat(down.waitFor()).isZero();

        assertThat(garrison.waitFor(1, TimeUnit.SECONDS)).isTrue();
        assertThat(garrison.exitValue()).isZero();
        assertThat(garrison.inputReader().readLine())
                .as("one line for programs")
                .isNull();
        assertThat(servers).noneMatch(ProcessHandle::isAlive);

        Process otherMode = start(
                Map.of(),
                "centralized",
                "--license",
                Files.writeString(directory.resolve("sub-license.jose"), "no licence")
                        .toString(),
                "--vendor-key",
                vendorKey().toString(),
                "--http-port",
                anyPort(),
                "--edge-port",
                anyPort());
        assertThat(otherMode.waitFor()).isEqualTo(1);
        assertThat(messages()).contains("installation.mode-changed").contains("in mode cluster again");
    }

    @Test
    void aTakenConsolePortIsNamedWithItsOption() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process garrison =
                    start(Map.of(), "up", "--http-port", port(taken.getLocalPort()), "--edge-port", anyPort());

            assertThat(garrison.waitFor()).isEqualTo(1);
            assertThat(messages()).contains("Port " + taken.getLocalPort()).contains("--http-port");
        }
    }

    private Process start(Map<String, String> environment, String... words) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Djava.awt.headless=true",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                ServeIT.classPath(),
                "io.garrison.GarrisonApplication"));
        command.addAll(List.of(words));
        command.addAll(List.of("--data", directory.toString()));
        var builder = new ProcessBuilder(command)
                .redirectError(directory.resolve("messages.txt").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Path vendorKey() throws IOException {
        return Files.writeString(
                directory.resolve("vendor.pub"), VendorKey.generate().publicPem());
    }

    private String messages() throws IOException {
        return Files.readString(directory.resolve("messages.txt"));
    }

    private static String port(int port) {
        return Integer.toString(port);
    }

    private static String anyPort() {
        return port(LoopbackPorts.free());
    }

    private static int status(int port, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }
}
