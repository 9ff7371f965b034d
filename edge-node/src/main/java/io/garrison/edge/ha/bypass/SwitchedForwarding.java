package io.garrison.edge.ha.bypass;

import io.garrison.edge.state.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was switched on for a bypass, on the disk: its table says so too, and is gone when somebody loads the rules of a
 * firewall anew. The file holds for one run of the machine and one of its networks, as the setting does; the package's
 * scripts read it as well.
 */
record SwitchedForwarding(Path file) {

    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path NETWORK = Path.of("/proc/self/ns/net");

    Set<Forwarding> known() throws IOException {
        if (!Files.exists(file)) {
            return Set.of();
        }
        var lines = Files.readAllLines(file);
        return lines.isEmpty() || !lines.getFirst().equals(here())
                ? Set.of()
                : Arrays.stream(Forwarding.values())
                        .filter(forwarding -> lines.contains(forwarding.mark()))
                        .collect(Collectors.toUnmodifiableSet());
    }

    void keep(Set<Forwarding> switched) throws IOException {
        if (switched.equals(known())) {
            return;
        }
        var lines = Stream.concat(Stream.of(here()), switched.stream().map(Forwarding::mark));
        DurableFiles.replace(file, (String.join("\n", lines.toList()) + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** What was changed for it besides. */
    RouterAdvertisements advertisements() {
        return new RouterAdvertisements(file.resolveSibling(file.getFileName() + "-ra.json"));
    }

    void forget() throws IOException {
        Files.deleteIfExists(file);
    }

    private static String here() throws IOException {
        return String.join(
                " ",
                List.of(
                        Files.readString(BOOT).strip(),
                        Files.readSymbolicLink(NETWORK).toString()));
    }
}
