package io.garrison.edge.ha.kernel;

import io.garrison.edge.state.DurableFiles;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes settings that the kernel has for each device, and remembers on the disk what they were until it takes them back. */
public final class DeviceSettings {

    private static final Logger log = LoggerFactory.getLogger(DeviceSettings.class);

    private final Path file;
    private final Path devices;

    /**
     * @param file what was changed
     * @param devices the kernel's directory of them, such as {@code /proc/sys/net/ipv4/conf}
     */
    public DeviceSettings(Path file, Path devices) {
        this.file = file;
        this.devices = devices;
    }

    /** By {@code device/setting}. */
    record Changed(Map<String, Change> settings) {}

    record Change(int from, int to) {}

    /**
     * @param wanted by {@code device/setting} what it shall be, from what it is
     * @throws IOException if this user may not, or there is no such device
     */
    public void change(Map<String, IntUnaryOperator> wanted) throws IOException {
        var changes = new TreeMap<String, Change>();
        for (var each : wanted.entrySet()) {
            int now = value(devices.resolve(each.getKey()));
            int next = each.getValue().applyAsInt(now);
            if (next != now) {
                changes.put(each.getKey(), new Change(now, next));
            }
        }
        if (changes.isEmpty()) {
            return;
        }
        // On the disk first: an agent that ends now finds what it has to take back.
        var changed = changed();
        changed.putAll(changes);
        DurableFiles.replace(file, ProtocolJson.write(new Changed(changed)));
        for (var each : changes.entrySet()) {
            Files.writeString(devices.resolve(each.getKey()), each.getValue().to() + "\n");
        }
    }

    /** What somebody else has changed since, and what a restart of the machine has reset, stays. */
    public void takeBack() throws IOException {
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
            log.warn("{} can't be read; what was changed for it before is not taken back: {}", file, e.toString());
            return new TreeMap<>();
        }
    }

    private static int value(Path of) throws IOException {
        return Integer.parseInt(Files.readString(of).strip());
    }
}
