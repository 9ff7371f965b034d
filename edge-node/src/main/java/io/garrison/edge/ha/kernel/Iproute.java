package io.garrison.edge.ha.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program {@code ip} of iproute2, on which Debian's keepalived depends. */
final class Iproute {

    private static final List<Path> PLACES = List.of(Path.of("/usr/sbin/ip"), Path.of("/sbin/ip"), Path.of("/bin/ip"));

    private Iproute() {}

    /** @throws IOException with its first line if it does not end well */
    static String run(String... words) throws IOException {
        var program = PLACES.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException("ip of iproute2 is not installed"));
        var command = new ArrayList<String>();
        command.add(program.toString());
        command.addAll(List.of(words));
        return Commands.run(command, "");
    }
}
