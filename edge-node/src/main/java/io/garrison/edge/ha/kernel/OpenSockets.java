package io.garrison.edge.ha.kernel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** TCP connections of this machine (proc_net_tcp). */
final class OpenSockets {

    /** SYN_SENT, TIME_WAIT, CLOSE and LISTEN have no client who would send anything. */
    private static final Set<String> WITHOUT_CLIENT = Set.of("02", "06", "07", "0A");

    private OpenSockets() {}

    record Connection(InetAddress client, int clientPort, InetAddress address, int port) {}

    /** Those at these addresses, at most so many. */
    static List<Connection> at(Set<InetAddress> addresses, int most) throws IOException {
        boolean v6 = addresses.stream().anyMatch(address -> address.getAddress().length > 4);
        var files =
                v6 ? List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6")) : List.of(Path.of("/proc/net/tcp"));
        var found = new java.util.ArrayList<Connection>();
        for (var file : files) {
            if (Files.exists(file)) {
                try (var lines = Files.lines(file)) {
                    lines.skip(1)
                            .flatMap(OpenSockets::connection)
                            .filter(connection -> addresses.contains(connection.address()))
                            .limit(most - found.size())
                            .forEach(found::add);
                }
            }
        }
        return found;
    }

    static Stream<Connection> connection(String line) {
        var words = line.strip().split("\\s+", 5);
        if (words.length < 5 || WITHOUT_CLIENT.contains(words[3])) {
            return Stream.empty();
        }
        return Stream.of(new Connection(address(words[2]), port(words[2]), address(words[1]), port(words[1])));
    }

    /** Words of 32 bits in the order of this machine, as x86 and ARM have it: the lowest byte first. */
    private static InetAddress address(String word) {
        byte[] told = HexFormat.of().parseHex(word.substring(0, word.indexOf(':')));
        byte[] address = new byte[told.length];
        for (int i = 0; i < told.length; i++) {
            address[i] = told[i / 4 * 4 + 3 - i % 4];
        }
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("not an address: " + word, e);
        }
    }

    private static int port(String word) {
        return Integer.parseInt(word.substring(word.indexOf(':') + 1), 16);
    }
}
