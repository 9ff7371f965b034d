package io.garrison.edge.ha;

import io.garrison.protocol.InstancePlan.LinkPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the carriers of network devices. */
final class LinkWatch {

    private LinkWatch() {}

    /** How many pairs have a carrier at both ends. A device that is not there, or is switched off, has none. */
    static int active(List<LinkPair> pairs) {
        return (int) pairs.stream()
                .filter(pair -> hasCarrier(pair.front()) && hasCarrier(pair.back()))
                .count();
    }

    private static boolean hasCarrier(String device) {
        if (!device.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,14}")) {
            return false;
        }
        try {
            return Files.readString(Path.of("/sys/class/net", device, "carrier"))
                    .startsWith("1");
        } catch (IOException e) {
            return false;
        }
    }
}
