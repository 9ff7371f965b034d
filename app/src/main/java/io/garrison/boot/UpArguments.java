package io.garrison.boot;

import io.garrison.embedded.EmbeddedServices;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.TenancyException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code garrison up} is told.
 *
 * @param mode selects the installation's rules
 * @param data directory of all data
 * @param httpPort of console and API
 * @param edgePort of the edge gateway
 * @param vendorKey file of the vendor's public keys, if licences are to be loaded
 * @param license file of the one sub-licence, if the mode has one and it is to be loaded
 * @param ports of the embedded servers; 0 for any free one
 */
public record UpArguments(
        DeploymentMode mode,
        Path data,
        int httpPort,
        int edgePort,
        @Nullable Path vendorKey,
        @Nullable Path license,
        EmbeddedServices.Ports ports) {

    static final String OPTIONS = """
            [--data DIR] [--http-port N] [--edge-port N] [--mode M] [--vendor-key FILE] [--license FILE]
                            [--postgres-port N] [--kafka-port N] [--opensearch-port N]""";

    private static final Path DEFAULT_DATA = Path.of(".garrison");
    private static final int DEFAULT_HTTP_PORT = 8080;
    private static final int DEFAULT_EDGE_PORT = 8444;
    private static final DeploymentMode DEFAULT_MODE = DeploymentMode.CLUSTER;

    /**
     * The command line of a command that is named after its mode.
     *
     * @throws UsageException as {@link #parse(List)}
     */
    static UpArguments parse(DeploymentMode mode, List<String> words) throws UsageException {
        if (words.contains("--mode")) {
            throw new UsageException("the command is the mode already; leave --mode out");
        }
        return parse(
                Stream.concat(Stream.of("--mode", mode.word()), words.stream()).toList());
    }

    /** @throws UsageException if an option is unknown, lacks its value, or the value makes no sense */
    public static UpArguments parse(List<String> words) throws UsageException {
        DeploymentMode mode = DEFAULT_MODE;
        Path data = DEFAULT_DATA;
        int httpPort = DEFAULT_HTTP_PORT;
        int edgePort = DEFAULT_EDGE_PORT;
        Path vendorKey = null;
        Path license = null;
        int postgresPort = 0;
        int kafkaPort = 0;
        int openSearchPort = 0;
        for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            switch (option) {
                case "--data" -> data = Path.of(value(option, rest));
                case "--http-port" -> httpPort = port(option, rest);
                case "--edge-port" -> edgePort = port(option, rest);
                case "--vendor-key" -> vendorKey = Path.of(value(option, rest)).toAbsolutePath();
                case "--license" -> license = Path.of(value(option, rest)).toAbsolutePath();
                case "--mode" -> mode = mode(value(option, rest));
                case "--postgres-port" -> postgresPort = port(option, rest);
                case "--kafka-port" -> kafkaPort = port(option, rest);
                case "--opensearch-port" -> openSearchPort = port(option, rest);
                default -> throw new UsageException("unknown option " + option);
            }
        }
        requireFilesOf(mode, license, vendorKey);
        return new UpArguments(
                mode,
                data,
                httpPort,
                edgePort,
                vendorKey,
                license,
                new EmbeddedServices.Ports(postgresPort, kafkaPort, openSearchPort));
    }

    /** The same with the keys of another vendor. */
    public UpArguments trusting(Path keys) {
        return new UpArguments(mode, data, httpPort, edgePort, keys, license, ports);
    }

    static Path dataOnly(List<String> words) throws UsageException {
        Path data = DEFAULT_DATA;
        for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            if (!option.equals("--data")) {
                throw new UsageException("unknown option " + option);
            }
            data = Path.of(value(option, rest));
        }
        return data;
    }

    private static void requireFilesOf(DeploymentMode mode, @Nullable Path license, @Nullable Path vendorKey)
            throws UsageException {
        boolean many = DeploymentRules.of(mode).manySubLicenses();
        if (many && license != null) {
            throw new UsageException("--license is for modes that hold one sub-licence; in mode " + mode.word()
                    + " load licences at the console");
        }
        if (!many && (license == null || vendorKey == null)) {
            throw new UsageException("mode " + mode.word() + " holds one sub-licence: name its file with --license FILE"
                    + " and the vendor's public key with --vendor-key FILE");
        }
    }

    static String value(String option, Iterator<String> rest) throws UsageException {
        if (!rest.hasNext()) {
            throw new UsageException(option + " needs a value");
        }
        return rest.next();
    }

    private static int port(String option, Iterator<String> rest) throws UsageException {
        String value = value(option, rest);
        try {
            int port = Integer.parseInt(value);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Told below, like a number out of range.
        }
        throw new UsageException(option + " needs a port from 1 to 65535, not " + value);
    }

    /** The servers of {@code up} are embedded, so a mode that needs others is refused with its reason. */
    private static DeploymentMode mode(String word) throws UsageException {
        DeploymentMode mode = DeploymentMode.of(word)
                .orElseThrow(() -> new UsageException("--mode is one of "
                        + Arrays.stream(DeploymentMode.values())
                                .map(DeploymentMode::word)
                                .collect(Collectors.joining(", "))
                        + ", not " + word));
        try {
            DeploymentRules.of(mode).requireEmbeddedStores();
        } catch (TenancyException.EmbeddedStoresRefused e) {
            throw new UsageException(e.code() + ": " + e.getMessage());
        }
        return mode;
    }
}
