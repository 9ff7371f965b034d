package io.garrison.edge.ha.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Keeps a machine that still takes packets for an address from saying that it has it (ip-sysctl: arp_ignore 1,
 * arp_announce 2). IPv6 is so by itself. What was changed for it is remembered on the disk until it is taken back.
 */
final class ArpAnswers {

    private static final Path DEVICES = Path.of("/proc/sys/net/ipv4/conf");

    private final DeviceSettings settings;

    /** @param file what was changed */
    ArpAnswers(Path file) {
        this(file, DEVICES);
    }

    ArpAnswers(Path file, Path devices) {
        settings = new DeviceSettings(file, devices);
    }

    /** @throws IOException if this user may not, or there is no such device */
    void onlyOfItsOwn(String device) throws IOException {
        settings.change(Map.of(
                device + "/arp_ignore", now -> Math.max(now, 1), device + "/arp_announce", now -> Math.max(now, 2)));
    }

    /** What somebody else has changed since, and what a restart of the machine has reset, stays. */
    void takeBack() throws IOException {
        settings.takeBack();
    }
}
