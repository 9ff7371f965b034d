package io.garrison.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A {@link CountingClient} as a process of its own, so that it can live in a network namespace. It obeys lines. */
public final class RemoteClient {

    private static final int TRY_MS = 200;
    private static final int PAUSE_MS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process process;
    private Counted counted = Counted.NOTHING;

    private RemoteClient(Process process) {
        this.process = process;
    }

    static RemoteClient start(List<String> within, String address, int port) throws IOException {
        var command = new ArrayList<>(within);
        command.addAll(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-cp",
                Path.of("target/classes").toAbsolutePath().toString(),
                RemoteClient.class.getName(),
                address,
                "" + port));
        return new RemoteClient(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    Process process() {
        return process;
    }

    /** Some requests, all of which are answered. */
    public void requests(int count) {
        long unused = ask("requests " + count);
    }

    /** Opens connections, without a byte, until one comes about; then sends one request. Returns how long that took. */
    public Duration reach() {
        return Duration.ofMillis(ask("reach"));
    }

    /** What it sent and received altogether. */
    public Counted counted() {
        return counted;
    }

    private long ask(String line) {
        try {
            process.outputWriter().write(line + "\n");
            process.outputWriter().flush();
            var answer = process.inputReader().readLine();
            if (answer == null || !answer.matches("(\\d+ ){3}\\d+")) {
                throw new AssertionError(line + ": " + answer);
            }
            var fields = answer.split(" ");
            counted = new Counted(Long.parseLong(fields[1]), Long.parseLong(fields[2]), Long.parseLong(fields[3]));
            return Long.parseLong(fields[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }

    /** {@code ADDRESS PORT} */
    public static void main(String[] words) throws IOException, InterruptedException {
        var address = new InetSocketAddress(words[0], Integer.parseInt(words[1]));
        var client = new CountingClient(words[0], address.getPort(), 1);
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            long began = System.nanoTime();
            if (line.equals("reach")) {
                awaitConnection(address);
                client.requests(1);
            } else {
                client.requests(Integer.parseInt(line.split(" ")[1]));
            }
            System.out.printf(
                    "%d %d %d %d%n",
                    Duration.ofNanos(System.nanoTime() - began).toMillis(),
                    client.requests.sum(),
                    client.bytesSent.sum(),
                    client.bytesReceived.sum());
        }
    }

    private static void awaitConnection(InetSocketAddress address) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (var socket = new Socket()) {
                socket.connect(address, TRY_MS);
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end) {
                    throw new UncheckedIOException(e);
                }
                Thread.sleep(PAUSE_MS);
            }
        }
    }
}
