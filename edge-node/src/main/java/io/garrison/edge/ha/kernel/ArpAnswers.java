package io.garrison.edge.ha.kernel;

import io.garrison.edge.state.DurableFiles;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a machine that still takes packets for an address from saying that it has it (ip-sysctl: arp_ignore 1,
 * arp_announce 2). IPv6 is so by itself. What was changed for it is remembered on the disk until it is taken back.
 */
final class ArpAnswers {

    private static final Logger log = LoggerFactory.getLogger(ArpAnswers.class);
    private static final Path DEVICES = Path.of("/proc/sys/net/ipv4/conf");

    private final Path file;
    private final Path devices;

    /** @param file what was changed */
    ArpAnswers(Path file) {
        this(file, DEVICES);
    }

    ArpAnswers(Path file, Path devices) {
        this.file = file;
        this.devices = devices;
    }

    /** By {@code device/setting}. */
    record Changed(Map<String, Change> settings) {}

    record Change(int from, int to) {}

    /** @throws IOException if this user may not, or there is no such device */
    void onlyOfItsOwn(String device) throws IOException {
        atLeast(device + "/arp_ignore", 1);
        atLeast(device + "/arp_announce", 2);
    }

    private void atLeast(String setting, int least) throws IOException {
        var of = devices.resolve(setting);
        int now = value(of);
        if (now >= least) {
            return;
        }
        // On the disk first: an agent that ends now finds what it has to take back.
        var changed = changed();
        changed.put(setting, new Change(now, least));
        DurableFiles.replace(file, ProtocolJson.write(new Changed(changed)));
        Files.writeString(of, least + "\n");
    }

    /** What somebody else has changed since, and what a restart of the machine has reset, stays. */
    void takeBack() throws IOException {
        for (var each : changed().entrySet()) {
            var of = devices.resolve(each.getKey());
            if (Files.exists(of) && value(of) == each.getValue().to()) {
                Files.writeString(of, each.getValue().from() + "\n");
            }
        }
        Files.deleteIfExists(file);
    }

    private Map<String, Change> changed() throws IOException {
        try {
            return Files.exists(file)
                    ? new TreeMap<>(ProtocolJson.read(Files.readAllBytes(file), Changed.class)
                            .settings())
                    : new TreeMap<>();
        } catch (IllegalArgumentException e) {
            log.warn("{} can't be read; what ARP was told before is not taken back: {}", file, e.toString());
            return new TreeMap<>();
        }
    }

    private static int value(Path of) throws IOException {
        return Integer.parseInt(Files.readString(of).strip());
    }
}
