package io.garrison.demo;

import io.garrison.boot.UpCommand.Ready;
import io.garrison.licensing.cli.LicenseCommand;
import io.garrison.tenancy.FirstAdministrator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What a demonstration keeps between its starts, below the data directory: a throw-away vendor key, the licence issued by
 * it, the accounts with their passwords, and the edges.
 */
final class DemoWorld {

    static final String ADMIN = "admin@provider.example";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path directory;
    private final Map<String, String> passwords;

    private DemoWorld(Path directory, Map<String, String> passwords) {
        this.directory = directory;
        this.passwords = passwords;
    }

    static DemoWorld prepare(Path data) throws IOException {
        var directory = data.toAbsolutePath().resolve("demo");
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var file = directory.resolve("accounts.json");
        var passwords = new LinkedHashMap<String, String>();
        if (Files.exists(file)) {
            JsonNode known = DemoApi.JSON.readTree(Files.readAllBytes(file));
            known.properties()
                    .forEach(entry ->
                            passwords.put(entry.getKey(), entry.getValue().asString()));
        } else {
            passwords.put(ADMIN, newPassword());
            DemoCustomer.all(0).forEach(customer -> passwords.put(customer.email(), newPassword()));
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file, DemoApi.JSON.writeValueAsBytes(passwords));
        }
        var world = new DemoWorld(directory, passwords);
        if (!Files.exists(world.licence())) {
            world.issueLicence();
        }
        return world;
    }

    Path vendorKey() {
        return directory.resolve("vendor.pub");
    }

    Path licence() {
        return directory.resolve("mssp.lic");
    }

    Path edges() {
        return directory.resolve("edges");
    }

    String password(String email) {
        var password = passwords.get(email);
        if (password == null) {
            throw new IllegalStateException("no demo account " + email);
        }
        return password;
    }

    /** Called once the application serves; builds what is missing, then prints the DEMO line. */
    void bringToLife(Ready ready) {
        try {
            var first = ready.garrison().context().getBean(FirstAdministrator.class);
            if (first.needed()) {
                first.create(ADMIN, password(ADMIN));
            }
            var scenario = new DemoScenario(this, ready.garrison().consoleAddress());
            Runtime.getRuntime().addShutdownHook(new Thread(scenario::close, "demo-close"));
            var told = scenario.play();
            ready.out().println("DEMO " + DemoApi.JSON.writeValueAsString(told));
            ready.out().flush();
            people(told);
        } catch (IOException e) {
            throw new UncheckedIOException("the demonstration does not come to life", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void people(Map<String, Object> told) {
        System.err.println();
        System.err.println("  Console    " + told.get("console"));
        passwords.forEach((email, password) -> System.err.println("  " + email + "  " + password));
        System.err.println(
                "  As the administrator look at Overview, Instances, Usage and Audit; as a customer's owner");
        System.err.println(
                "  at Services, Logs and Usage. Visitors come for an hour. Ctrl-C or ./garrison down stops all.");
    }

    private void issueLicence() {
        run(List.of("new-key", "--out", directory.toString()));
        run(List.of(
                "issue-mssp",
                "--demo",
                "--key",
                directory.resolve("vendor.key").toString(),
                "--name",
                "Demonstration",
                "--instances",
                "20",
                "--throughput-bps",
                "10000000000",
                "--virtual-services",
                "100",
                "--features",
                "waf,ddos",
                "--days",
                "365",
                "--out",
                licence().toString()));
    }

    private static void run(List<String> words) {
        int status = LicenseCommand.execute(words, new PrintStream(OutputStream.nullOutputStream()));
        if (status != 0) {
            throw new IllegalStateException("licence command failed: " + words.getFirst());
        }
    }

    private static String newPassword() {
        var bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
