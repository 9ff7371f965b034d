package io.garrison.boot;

import io.garrison.embedded.EmbeddedServices;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code garrison up} is told.
 *
 * @param data directory of all data
 * @param httpPort of console and API
 * @param edgePort of the edge gateway
 * @param vendorKey file of the vendor's public keys, if licences are to be loaded
 * @param ports of the embedded servers; 0 for any free one
 */
public record UpArguments(
        Path data, int httpPort, int edgePort, @Nullable Path vendorKey, EmbeddedServices.Ports ports) {

    static final String OPTIONS = """
            [--data DIR] [--http-port N] [--edge-port N] [--mode cluster] [--vendor-key FILE]
                            [--postgres-port N] [--kafka-port N] [--opensearch-port N]""";

    private static final Path DEFAULT_DATA = Path.of(".garrison");
    private static final int DEFAULT_HTTP_PORT = 8080;
    private static final int DEFAULT_EDGE_PORT = 8444;
    private static final String ONLY_MODE = "cluster";

    /** @throws UsageException if an option is unknown, lacks its value, or the value makes no sense */
    public static UpArguments parse(List<String> words) throws UsageException {
        Path data = DEFAULT_DATA;
        int httpPort = DEFAULT_HTTP_PORT;
        int edgePort = DEFAULT_EDGE_PORT;
        Path vendorKey = null;
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
                case "--mode" -> checkMode(value(option, rest));
                case "--postgres-port" -> postgresPort = port(option, rest);
                case "--kafka-port" -> kafkaPort = port(option, rest);
                case "--opensearch-port" -> openSearchPort = port(option, rest);
                default -> throw new UsageException("unknown option " + option);
            }
        }
        return new UpArguments(
                data,
                httpPort,
                edgePort,
                vendorKey,
                new EmbeddedServices.Ports(postgresPort, kafkaPort, openSearchPort));
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

    private static String value(String option, Iterator<String> rest) throws UsageException {
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

    private static void checkMode(String mode) throws UsageException {
        if (!mode.equals(ONLY_MODE)) {
            throw new UsageException("this version runs in mode " + ONLY_MODE + " only, not " + mode);
        }
    }
}
