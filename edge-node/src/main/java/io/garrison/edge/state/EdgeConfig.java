package io.garrison.edge.state;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The settings of one instance, from {@code edge.properties} in its state directory.
 *
 * @param managementPort loopback port of health and metrics, 0–65535; 0 takes a free one
 * @param spoolMaxBytes how much of the disk waiting telemetry may take, at least 1 MiB
 * @param meter where bytes are counted
 * @param haproxyBinary absolute path of HAProxy
 * @param addresses the instance's own address for an address of the policy
 * @param cluster the instance as one of several
 * @param bypass how traffic passes without HAProxy
 */
public record EdgeConfig(
        int managementPort,
        long spoolMaxBytes,
        MeterChoice meter,
        Path haproxyBinary,
        SortedMap<String, String> addresses,
        ClusterSettings cluster,
        BypassChoice bypass) {

    public static final EdgeConfig DEFAULT = new EdgeConfig(
            9527,
            1L << 30,
            MeterChoice.AUTO,
            Path.of("/usr/sbin/haproxy"),
            new TreeMap<>(),
            ClusterSettings.DEFAULT,
            BypassChoice.DEFAULT);

    private static final String ADDRESS = "address.";
    private static final Pattern ADDRESS_LITERAL = Pattern.compile("[0-9A-Fa-f.:]{2,45}");

    /** @throws InvalidSetting naming the key, if a setting is unknown or out of range */
    public static EdgeConfig of(Map<String, String> settings) {
        var config = DEFAULT;
        var addresses = new TreeMap<String, String>();
        var cluster = new TreeMap<String, String>();
        int port = config.managementPort;
        long spool = config.spoolMaxBytes;
        var meter = config.meter;
        var haproxy = config.haproxyBinary;
        var bypass = config.bypass;
        for (var setting : settings.entrySet()) {
            var key = setting.getKey();
            var value = setting.getValue().strip();
            switch (key) {
                case "management.port" -> port = (int) number(key, value, 0, 65_535);
                case "spool.max-bytes" -> spool = number(key, value, 1 << 20, Long.MAX_VALUE);
                case "meter" -> meter = choice(key, value);
                case "haproxy.binary" -> haproxy = absolute(key, value);
                case BypassChoice.DRIVER_KEY -> bypass = bypass.withDriver(value);
                case BypassChoice.COMMAND_KEY -> bypass = bypass.withCommand(absolute(key, value));
                default -> {
                    if (ClusterSettings.owns(key)) {
                        cluster.put(key, value);
                        break;
                    }
                    if (!key.startsWith(ADDRESS)) {
                        throw new InvalidSetting(
                                key,
                                "is unknown; known are management.port, spool.max-bytes, meter,"
                                        + " haproxy.binary, bypass.driver, bypass.command,"
                                        + " address.<address of the policy>, and those that begin with"
                                        + " cluster., discovery., gossip., election., sync. or health.");
                    }
                    addresses.put(literal(key, key.substring(ADDRESS.length())), literal(key, value));
                }
            }
        }
        return new EdgeConfig(port, spool, meter, haproxy, addresses, ClusterSettings.of(cluster), bypass.complete());
    }

    /** Reads the file; without one the defaults hold. */
    public static EdgeConfig read(Path file) throws IOException {
        return read(file, Optional.empty());
    }

    /**
     * @param file without one the defaults hold
     * @param machine settings of the machine, which win over those of the file; must be there if named
     */
    public static EdgeConfig read(Path file, Optional<Path> machine) throws IOException {
        var settings = new LinkedHashMap<>(settingsOf(file));
        if (machine.isPresent()) {
            settings.putAll(settingsIn(machine.get()));
        }
        return of(settings);
    }

    /** Keys of all settings there are, but for addresses of the policy. */
    static List<String> keys() {
        var keys = new ArrayList<>(DEFAULT.effective().keySet());
        keys.add(BypassChoice.COMMAND_KEY);
        keys.addAll(ClusterSettings.keys());
        return keys;
    }

    /** What a file says, as it says it; without one, nothing. */
    static Map<String, String> settingsOf(Path file) throws IOException {
        return Files.exists(file) ? settingsIn(file) : Map.of();
    }

    private static Map<String, String> settingsIn(Path file) throws IOException {
        var properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(file, StandardCharsets.UTF_8)));
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        }
        var settings = new LinkedHashMap<String, String>();
        properties.stringPropertyNames().forEach(key -> settings.put(key, properties.getProperty(key)));
        return settings;
    }

    /** Every setting with the value in force, as the file would say it. There are no secrets among them. */
    public SortedMap<String, String> effective() {
        var all = new TreeMap<String, String>();
        all.put("management.port", Integer.toString(managementPort));
        all.put("spool.max-bytes", Long.toString(spoolMaxBytes));
        all.put("meter", meter.name().toLowerCase(Locale.ROOT));
        all.put("haproxy.binary", haproxyBinary.toString());
        all.put(BypassChoice.DRIVER_KEY, bypass.driver().word());
        if (bypass.command() != null) {
            all.put(BypassChoice.COMMAND_KEY, bypass.command().toString());
        }
        addresses.forEach((policy, own) -> all.put(ADDRESS + policy, own));
        all.putAll(cluster.effective());
        return all;
    }

    /** The file that says what this record says. Colons are escaped as the format demands. */
    public byte[] toFile() {
        var text = new StringBuilder();
        effective()
                .forEach((key, value) -> text.append(key.replace(":", "\\:"))
                        .append('=')
                        .append(value)
                        .append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static long number(String key, String value, long least, long most) {
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new InvalidSetting(key, "must be a whole number from " + least + " to " + most + ", not " + value);
    }

    private static MeterChoice choice(String key, String value) {
        for (var choice : MeterChoice.values()) {
            if (choice.name().equalsIgnoreCase(value)) {
                return choice;
            }
        }
        throw new InvalidSetting(key, "must be auto, kernel or proxy, not " + value);
    }

    private static Path absolute(String key, String value) {
        var path = Path.of(value);
        if (!path.isAbsolute()) {
            throw new InvalidSetting(key, "must be an absolute path, not " + value);
        }
        return path;
    }

    private static String literal(String key, String value) {
        if (!ADDRESS_LITERAL.matcher(value).matches()) {
            throw new InvalidSetting(key, "must map an IP address to an IP address, not " + value);
        }
        return value;
    }

    /** A setting that the agent does not start with. */
    public static final class InvalidSetting extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public InvalidSetting(String key, String problem) {
            super(key + " " + problem);
        }
    }
}
