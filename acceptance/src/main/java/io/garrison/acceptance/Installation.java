package io.garrison.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** One installation in a directory of its own: keys and licence made with the command line, the application started with it. */
public final class Installation implements AutoCloseable {

    public final Path directory;
    public final int httpPort = freePort();
    public final int edgePort = freePort();
    private final VendorFiles files;
    private Launched app;
    private ProviderStaff staff;

    /** @param instances how many seats the MSSP licence has */
    public Installation(int instances) throws IOException {
        this(instances, Map.of());
    }

    /** @param environment of the application; {@code <edge-port>} in it stands for the gateway's port */
    public Installation(int instances, Map<String, String> environment) throws IOException {
        directory = Files.createTempDirectory("garrison-acceptance");
        files = VendorFiles.make(directory, instances);
        var all = new HashMap<>(environment);
        all.replaceAll((name, value) -> value.replace("<edge-port>", "" + edgePort));
        start(all);
    }

    /** Starts the application and signs the administrator in. */
    public void start(Map<String, String> environment) {
        var all = new HashMap<>(environment);
        all.putAll(ProviderStaff.firstAdministrator(directory));
        app = Launched.foreground(
                directory.resolve("up.log"),
                all,
                "up",
                "--data",
                directory.resolve("data").toString(),
                "--http-port",
                "" + httpPort,
                "--edge-port",
                "" + edgePort,
                "--vendor-key",
                files.key().toString());
        staff = ProviderStaff.of(httpPort);
    }

    public void start() {
        start(Map.of());
    }

    /** Kills the application as the kernel's out-of-memory killer would. */
    public void kill() {
        app.kill();
    }

    public void stop() {
        app.stop();
    }

    public ProcessHandle process() {
        return app.process.toHandle();
    }

    /** As the platform administrator. */
    public Api provider() {
        return staff.api();
    }

    public ProviderStaff staff() {
        return staff;
    }

    public String loadLicence() {
        return staff.loadLicence(files.licence());
    }

    /** The installation's own server of that kind. */
    public ProcessHandle server(String commandPart) {
        return process()
                .descendants()
                .filter(process -> process.info()
                        .commandLine()
                        .or(() -> process.info().command())
                        .filter(line -> line.contains(commandPart))
                        .isPresent())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no child process with " + commandPart));
    }

    /** What an installation of the customer's own starts from: the file of a sub-licence for its mode. */
    public Path fileFor(String name, String mode, String licenceId, int instances) {
        return staff.fileFor(name, mode, licenceId, instances, directory);
    }

    public Path vendorKey() {
        return files.key();
    }

    public static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        app.close();
    }
}
