package io.garrison.edge.doctor;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** mDNS: whether this machine has a network that it can speak to all of. */
final class MulticastProbe {

    private MulticastProbe() {}

    static Finding look() {
        var devices = devices();
        return devices.isEmpty()
                ? Finding.bad(
                        Layer.DISCOVERY,
                        "DI-T16",
                        "no device that is up takes part in multicast",
                        "ip link set DEVICE multicast on; many networks of clouds carry no multicast: choose another"
                                + " discovery.type there.")
                : Finding.good(Layer.DISCOVERY, "DI-T16", "multicast goes out at " + String.join(", ", devices));
    }

    private static List<String> devices() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(MulticastProbe::fits)
                    .map(NetworkInterface::getName)
                    .toList();
        } catch (SocketException e) {
            return List.of();
        }
    }

    private static boolean fits(NetworkInterface device) {
        try {
            return device.isUp()
                    && !device.isLoopback()
                    && device.supportsMulticast()
                    && device.inetAddresses().findAny().isPresent();
        } catch (SocketException e) {
            return false;
        }
    }
}
