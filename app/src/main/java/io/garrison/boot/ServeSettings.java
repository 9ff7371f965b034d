package io.garrison.boot;

import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.DeploymentRules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The settings without which the application alone must not start, because a default would be wrong or, like a key that
 * is made at random by each replica, dangerous. All faults are found at once.
 */
final class ServeSettings {

    static final String OWNER = "spring.flyway.user";

    static final String OWNER_PASSWORD = "spring.flyway.password";
    private static final String DATABASE = "spring.datasource.url";
    private static final String MODE = "garrison.mode";
    private static final String KEY_FILE = "garrison.secrets.key-file";

    /** Without the mode that runs beside an edge of its own, which {@code garrison standalone} starts. */
    private static final String MODES = Arrays.stream(DeploymentMode.values())
            .filter(mode -> !DeploymentRules.of(mode).localAgent())
            .map(DeploymentMode::word)
            .collect(Collectors.joining(", "));

    private record Required(String name, String what) {}

    private static final Required VENDOR_KEYS = new Required(
            "garrison.licensing.vendor-keys",
            "the file with the vendor's public keys, without which the one sub-licence of this mode is not taken");

    private static final List<Required> REQUIRED = List.of(
            new Required(MODE, "one of " + MODES),
            new Required(DATABASE, "the database, jdbc:postgresql://HOST:5432/garrison"),
            new Required("spring.datasource.username", "the application's role, garrison_app"),
            new Required("spring.datasource.password", "its password"),
            new Required(
                    "garrison.provider-datasource.username", "the role for work across tenants, garrison_provider"),
            new Required("garrison.provider-datasource.password", "its password"),
            new Required("garrison.kafka.bootstrap", "Kafka's brokers, HOST:9092,…"),
            new Required("garrison.opensearch.url", "OpenSearch, https://HOST:9200"),
            new Required(
                    "garrison.edge.hostnames", "the names by which edges reach the gateway, the first is told to them"),
            new Required(KEY_FILE, "the file with the key that seals secrets, the same at every replica"));

    private static final List<Required> REQUIRED_TO_MIGRATE = List.of(
            new Required(DATABASE, "the database, jdbc:postgresql://HOST:5432/garrison"),
            new Required(OWNER, "the role that owns the schemas, garrison_owner"),
            new Required(OWNER_PASSWORD, "its password"));

    private ServeSettings() {}

    /** Sentences for people, in the order of the documentation; empty if the application may start. */
    static List<String> faultsToServe(Environment environment) {
        var binder = Binder.get(environment);
        var faults = missing(binder, REQUIRED);
        String mode = text(binder, MODE);
        if (mode != null) {
            DeploymentMode.of(mode)
                    .ifPresentOrElse(
                            known -> faultsOf(known, binder, faults),
                            () -> faults.add(MODE + " must be one of " + MODES + ", not " + mode));
        }
        String keyFile = text(binder, KEY_FILE);
        if (keyFile != null && !Files.isReadable(Path.of(keyFile))) {
            faults.add(KEY_FILE + " names " + keyFile + ", which cannot be read; make one for all replicas with"
                    + " openssl rand -base64 32, and keep a copy in a safe place");
        }
        if (text(binder, OWNER) != null && text(binder, OWNER_PASSWORD) == null) {
            faults.add(told(new Required(OWNER_PASSWORD, "the password of " + OWNER)));
        }
        return faults;
    }

    private static void faultsOf(DeploymentMode mode, Binder binder, List<String> faults) {
        var rules = DeploymentRules.of(mode);
        if (rules.localAgent()) {
            faults.add(MODE + " is " + mode.word() + ", which runs beside its edge: ./garrison " + mode.word());
        }
        if (!rules.manySubLicenses() && text(binder, VENDOR_KEYS.name()) == null) {
            faults.add(told(VENDOR_KEYS));
        }
    }

    /** The same for migrations, which need the database and its owner only. */
    static List<String> faultsToMigrate(Environment environment) {
        return missing(Binder.get(environment), REQUIRED_TO_MIGRATE);
    }

    /** Whether this process knows the owner's role, and so brings the schemas up to date by itself. */
    static boolean migrates(Environment environment) {
        return text(Binder.get(environment), OWNER) != null;
    }

    private static List<String> missing(Binder binder, List<Required> required) {
        var faults = new ArrayList<String>();
        for (var setting : required) {
            if (text(binder, setting.name()) == null) {
                faults.add(told(setting));
            }
        }
        return faults;
    }

    private static String told(Required setting) {
        return setting.name() + " (" + variable(setting.name()) + ") is not set: " + setting.what();
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private static @Nullable String text(Binder binder, String name) {
        // A list may be written as one line or as one entry per line.
        var values = binder.bind(name, Bindable.listOf(String.class)).orElse(List.of());
        var text = String.join(",", values).strip();
        return text.isEmpty() ? null : text;
    }
}
