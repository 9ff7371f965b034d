package io.garrison.edge.ha.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps a machine that still takes packets for an address from saying that it has it (ip-sysctl: arp_ignore 1,
 * arp_announce 2). IPv6 is so by itself.
 */
final class ArpAnswers {

    private static final Path DEVICES = Path.of("/proc/sys/net/ipv4/conf");

    private ArpAnswers() {}

    /** @throws IOException if this user may not, or there is no such device */
    static void onlyOfItsOwn(String device) throws IOException {
        atLeast(DEVICES.resolve(device).resolve("arp_ignore"), 1);
        atLeast(DEVICES.resolve(device).resolve("arp_announce"), 2);
    }

    private static void atLeast(Path file, int least) throws IOException {
        if (Integer.parseInt(Files.readString(file).strip()) < least) {
            Files.writeString(file, least + "\n");
        }
    }
}
