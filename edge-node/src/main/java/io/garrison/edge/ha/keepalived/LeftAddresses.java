package io.garrison.edge.ha.keepalived;

import io.garrison.edge.ha.kernel.DeviceAddress;
import io.garrison.edge.state.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Virtual addresses of former configurations. A keepalived that was killed leaves its addresses on the devices, and the next
 * one takes away only those of its own configuration; a peer may hold the others.
 */
final class LeftAddresses {

    private static final Logger log = LoggerFactory.getLogger(LeftAddresses.class);

    private final HaFiles files;

    LeftAddresses(HaFiles files) {
        this.files = files;
    }

    /** To be called before the file in force is replaced, so that no crash loses what it held. */
    void remember(String next) throws IOException {
        var known = remembered();
        var all = new LinkedHashSet<>(known);
        all.addAll(inForce());
        if (!all.equals(known) && !of(next).containsAll(all)) {
            var lines = all.stream().map(one -> one.network() + " " + one.device() + "\n");
            DurableFiles.replace(
                    files.left(), lines.collect(Collectors.joining()).getBytes(StandardCharsets.US_ASCII));
        }
    }

    /**
     * Takes those away that this configuration does not hold. No keepalived may be running with another.
     *
     * @throws IOException if one of them stays
     */
    void remove(String config) throws IOException {
        var left = remembered();
        left.addAll(inForce());
        left.removeAll(of(config));
        for (var one : left) {
            if (one.isThere()) {
                log.warn("{} is left of a former plan and is taken away", one);
                one.remove();
            }
        }
        Files.deleteIfExists(files.left());
    }

    private Set<DeviceAddress> inForce() throws IOException {
        return Files.exists(files.config()) ? of(Files.readString(files.config())) : Set.of();
    }

    private Set<DeviceAddress> remembered() throws IOException {
        if (!Files.exists(files.left())) {
            return new LinkedHashSet<>();
        }
        return Files.readAllLines(files.left()).stream()
                .flatMap(line -> address(List.of(line.split(" "))))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Set<DeviceAddress> of(String config) {
        return read(config).stream()
                .filter(block -> block.words().getFirst().equals("vrrp_instance"))
                .flatMap(router -> Optional.ofNullable(router.body()).stream().flatMap(List::stream))
                .filter(block -> block.words().getFirst().startsWith("virtual_ipaddress"))
                .flatMap(block -> Optional.ofNullable(block.body()).stream().flatMap(List::stream))
                .flatMap(line -> address(line.words()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What a person has written there instead held no address that is known. */
    private static List<Rereading.Node> read(String config) {
        try {
            return config.isEmpty() ? List.of() : Rereading.read(config);
        } catch (IllegalStateException e) {
            log.warn("keepalived's former configuration can't be read: {}", e.getMessage());
            return List.of();
        }
    }

    /** @param words the address with its prefix first, the device last */
    private static Stream<DeviceAddress> address(List<String> words) {
        var parts = words.getFirst().split("/");
        if (parts.length != 2 || !parts[1].matches("\\d{1,3}") || !Words.isDevice(words.getLast())) {
            return Stream.empty();
        }
        return Words.literal(parts[0]).stream()
                .map(literal -> new DeviceAddress(literal, Integer.parseInt(parts[1]), words.getLast()));
    }
}
