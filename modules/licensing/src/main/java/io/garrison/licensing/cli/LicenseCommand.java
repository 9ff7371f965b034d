package io.garrison.licensing.cli;

import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicenseFileException.FileRefused;
import io.garrison.licensing.LicenseFileException.Flaw;
import io.garrison.licensing.cli.Arguments.WrongUsage;
import io.garrison.licensing.file.LeaseFiles;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.licensing.file.MsspLicense;
import io.garrison.licensing.file.VendorKey;
import io.garrison.licensing.file.VendorKeys;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The licence commands. Standard output is for programs: JSON, or one word; standard error is for people. Exit status 0
 * if it went well, 2 for wrong usage, 1 otherwise.
 */
public final class LicenseCommand {

    private static final int MAX_DAYS = 36_500;
    private static final Set<String> FLAGS = Set.of("--json", "--demo");
    private static final Set<String> OPTIONS = Set.of(
            "--out",
            "--key",
            "--name",
            "--instances",
            "--throughput-bps",
            "--virtual-services",
            "--features",
            "--days",
            "--deployment",
            "--vendor-key",
            "--installation-key");
    private static final String USAGE = """
            usage: garrison license new-key --out DIR
                   garrison license issue-mssp --key FILE --name NAME --instances N --throughput-bps N
                            --virtual-services N --features a,b --days N --out FILE [--deployment ID] [--demo]
                   garrison license inspect FILE
                   garrison license verify FILE --vendor-key FILE [--installation-key FILE]
            Each takes --json: one JSON document on standard output.""";

    /** A licence begins before it is issued, so that clocks that go behind, and days that began earlier, are covered. */
    private static final Duration HEAD_START = Duration.ofDays(1);

    private final Clock clock;
    private final PrintStream out;
    private final PrintStream err;

    LicenseCommand(Clock clock, PrintStream out, PrintStream err) {
        this.clock = clock;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] arguments) {
        System.exit(execute(List.of(arguments), System.out));
    }

    /**
     * Runs one command within this process.
     *
     * @param out takes what the command prints for programs
     * @return the exit status
     */
    public static int execute(List<String> arguments, PrintStream out) {
        return new LicenseCommand(Clock.systemUTC(), out, System.err).run(arguments);
    }

    int run(List<String> arguments) {
        try {
            return dispatch(Arguments.parse(arguments, FLAGS, OPTIONS));
        } catch (WrongUsage e) {
            err.println("garrison license: " + e.getMessage());
            err.println(USAGE);
            return 2;
        } catch (FileRefused e) {
            return refused(e, arguments.contains("--json"));
        } catch (FileAlreadyExistsException e) {
            err.println("garrison license: " + e.getMessage() + " exists, and a key is never overwritten");
            return 1;
        } catch (IOException e) {
            err.println("garrison license: cannot read or write " + e.getMessage());
            return 1;
        }
    }

    private int dispatch(Arguments arguments) throws IOException {
        if (arguments.words().isEmpty()) {
            throw new WrongUsage("which command?");
        }
        switch (arguments.words().getFirst()) {
            case "new-key" -> newKey(arguments);
            case "issue-mssp" -> issue(arguments);
            case "inspect" -> inspect(arguments);
            case "verify" -> verify(arguments);
            default ->
                throw new WrongUsage("unknown command " + arguments.words().getFirst());
        }
        return 0;
    }

    private void newKey(Arguments arguments) throws IOException {
        arguments.expectWords(1, "new-key --out DIR");
        var directory = arguments.path("--out");
        var key = VendorKey.generate();
        Files.createDirectories(directory);
        SecretFile.create(directory.resolve("vendor.key"), key.toPem());
        Files.writeString(directory.resolve("vendor.pub"), key.publicPem());
        err.println("Wrote vendor.key (keep it secret) and vendor.pub (give it to those who verify) to " + directory);
        print(Map.of("keyId", key.keyId()), arguments);
    }

    private void issue(Arguments arguments) throws IOException {
        arguments.expectWords(1, "issue-mssp --key FILE …");
        var entitlements = entitlements(arguments);
        var name = name(arguments);
        var days = Duration.ofDays(arguments.number("--days", 1, MAX_DAYS));
        var deployment = arguments.find("--deployment").map(LicenseCommand::uuid);
        var target = arguments.path("--out");
        var vendor = vendorKey(arguments.path("--key"));

        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var issued = LicenseFile.issue(
                vendor,
                signingKey -> new MsspLicense(
                        UUID.randomUUID(),
                        name,
                        now,
                        now.minus(HEAD_START),
                        now.plus(days),
                        entitlements,
                        signingKey,
                        deployment.orElse(null),
                        arguments.has("--demo")));
        SecretFile.replace(target, LicenseFile.text(issued));

        err.printf(
                "Wrote %s, valid until %s. It carries %s's signing key: send it as a secret.%n",
                target, issued.license().until(), name);
        print(issued.license().claims(), arguments);
    }

    private void inspect(Arguments arguments) throws IOException {
        arguments.expectWords(2, "inspect FILE");
        var claims = LicenseFile.unverifiedClaims(licenseText(arguments));
        err.println("What the file says; nothing of it has been verified.");
        print(claims, arguments);
    }

    private void verify(Arguments arguments) throws IOException {
        arguments.expectWords(2, "verify FILE --vendor-key FILE [--installation-key FILE]");
        var trusted = vendorKeys(arguments.path("--vendor-key"));
        var text = licenseText(arguments);

        var held = new LinkedHashMap<String, Object>();
        held.put("valid", true);
        if (LeaseFiles.isLease(text)) {
            var lease = LeaseFiles.verify(text, trusted, installationKeys(arguments), clock.instant());
            held.put("kind", "lease");
            held.put("id", lease.id().toString());
            held.put("parentId", lease.subLicense().toString());
            held.put("instance", lease.instance().toString());
            held.put("offline", lease.offline());
            held.put("signedBy", lease.signedBy().name().toLowerCase(Locale.ROOT));
            held.put("validUntil", lease.until().toString());
        } else if (LicenseFile.isSubLicense(text)) {
            var chain = LicenseFile.readSubLicense(text, trusted);
            LicenseFile.requireInTime(chain.child().from(), chain.child().until(), clock.instant());
            held.put("kind", "sub");
            held.put("id", chain.child().id().toString());
            held.put("serial", chain.child().serial());
            held.put("parentId", chain.parent().id().toString());
            held.put("validUntil", chain.child().until().toString());
        } else {
            var license = LicenseFile.read(text, trusted).license();
            LicenseFile.requireInTime(license.from(), license.until(), clock.instant());
            held.put("kind", "mssp");
            held.put("id", license.id().toString());
            held.put("validUntil", license.until().toString());
        }

        err.println("The licence holds, until " + held.get("validUntil") + ".");
        if (arguments.has("--json")) {
            print(held, arguments);
        } else {
            out.println("valid");
        }
    }

    private int refused(FileRefused refusal, boolean json) {
        err.println(refusal.code() + ": " + refusal.getMessage());
        if (json) {
            var answer = new LinkedHashMap<String, Object>();
            answer.put("valid", false);
            answer.put("code", refusal.code());
            answer.put("message", refusal.getMessage());
            out.println(new JsonMapper().writeValueAsString(answer));
        } else {
            out.println(refusal.code());
        }
        return 1;
    }

    private void print(Map<String, ?> document, Arguments arguments) {
        var mapper = JsonMapper.builder()
                .configure(SerializationFeature.INDENT_OUTPUT, !arguments.has("--json"))
                .build();
        out.println(mapper.writeValueAsString(document));
    }

    private static Entitlements entitlements(Arguments arguments) {
        var features = arguments.text("--features");
        try {
            return new Entitlements(
                    arguments.number("--instances", 0, Long.MAX_VALUE),
                    arguments.number("--throughput-bps", 0, Long.MAX_VALUE),
                    arguments.number("--virtual-services", 0, Long.MAX_VALUE),
                    features.isEmpty() ? Set.of() : Set.of(features.split(",", -1)));
        } catch (IllegalArgumentException e) {
            throw new WrongUsage("--features: " + e.getMessage());
        }
    }

    private static String name(Arguments arguments) {
        var name = arguments.text("--name").strip();
        if (name.isEmpty()
                || name.length() > MsspLicense.MAX_NAME
                || name.chars().anyMatch(Character::isISOControl)) {
            throw new WrongUsage("--name must have 1 to %d printable characters".formatted(MsspLicense.MAX_NAME));
        }
        return name;
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new WrongUsage("--deployment must be the id that the installation shows, a UUID");
        }
    }

    private static VendorKey vendorKey(Path file) throws IOException {
        try {
            return VendorKey.parse(read(file));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** For leases that an installation signed with its own key. */
    private static VendorKeys installationKeys(Arguments arguments) throws IOException {
        return arguments.find("--installation-key").isPresent()
                ? vendorKeys(arguments.path("--installation-key"))
                : VendorKeys.none();
    }

    private static VendorKeys vendorKeys(Path file) throws IOException {
        try {
            return VendorKeys.parse(read(file));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static String licenseText(Arguments arguments) throws IOException {
        return read(Arguments.path(arguments.words().get(1), "FILE"));
    }

    /** Every byte becomes one character, so that no damaged byte is repaired on the way. */
    private static String read(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(LicenseFile.MAX_CHARS + 1);
            if (bytes.length > LicenseFile.MAX_CHARS) {
                throw new FileRefused(
                        Flaw.TOO_LARGE, "A licence file has at most %d bytes.".formatted(LicenseFile.MAX_CHARS));
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
