package io.garrison.edge.ha.bypass;

import io.garrison.edge.ha.kernel.DeviceSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.function.IntUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps default routes that routers have told. A machine that forwards IPv6 is a router itself, drops them, and takes no others,
 * unless accept_ra of the device is 2 (ip-sysctl). What was changed for it is remembered on the disk until it is taken back.
 */
final class RouterAdvertisements {

    private static final Logger log = LoggerFactory.getLogger(RouterAdvertisements.class);
    private static final Path DEVICES = Path.of("/proc/sys/net/ipv6/conf");
    private static final int UNLESS_FORWARDING = 1;
    private static final int ALWAYS = 2;

    private final DeviceSettings settings;

    /** @param file what was changed */
    RouterAdvertisements(Path file) {
        settings = new DeviceSettings(file, DEVICES);
    }

    /** To be called before the machine forwards. What fails is only said: the bypass is worth more. */
    void acceptAlways() {
        try {
            change();
        } catch (IOException e) {
            log.warn("Default routes that routers have told may go with the bypass: {}", e.toString());
        }
    }

    private void change() throws IOException {
        var wanted = new HashMap<String, IntUnaryOperator>();
        try (var devices = Files.newDirectoryStream(DEVICES, RouterAdvertisements::isDevice)) {
            for (var device : devices) {
                wanted.put(device.getFileName() + "/accept_ra", now -> now == UNLESS_FORWARDING ? ALWAYS : now);
            }
        }
        settings.change(wanted);
    }

    /** To be called once it forwards no more. */
    void takeBack() {
        try {
            settings.takeBack();
        } catch (IOException e) {
            log.warn("accept_ra of devices is not taken back: {}", e.toString());
        }
    }

    /** Of those for all devices, and for those to come, the kernel makes nothing here. */
    private static boolean isDevice(Path path) {
        var name = path.getFileName().toString();
        return !name.equals("all") && !name.equals("default") && !name.equals("lo");
    }
}
