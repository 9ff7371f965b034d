package io.garrison.edge.shaping;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The devices by which clients come: all that are up and have an address that is routed, but for loopback. Which of them
 * the answers take is for the routes to say, so none is left out. What lies below such a device, as the members of a
 * bond do, has no address; what passes is held up once.
 *
 * @param names in the kernel's order
 * @param addresses of them all
 */
record Devices(List<String> names, List<InetAddress> addresses) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.@-]{0,14}");

    Devices {
        names = List.copyOf(names);
        addresses = List.copyOf(addresses);
    }

    static Devices now() throws IOException {
        var names = new ArrayList<String>();
        var addresses = new ArrayList<InetAddress>();
        var all = NetworkInterface.getNetworkInterfaces();
        while (all.hasMoreElements()) {
            var device = all.nextElement();
            var routed = device.getInterfaceAddresses().stream()
                    .map(address -> address.getAddress())
                    .filter(address -> !address.isLinkLocalAddress() && !address.isLoopbackAddress())
                    .toList();
            if (routed.isEmpty() || device.isLoopback() || !device.isUp()) {
                continue;
            }
            if (!NAME.matcher(device.getName()).matches()) {
                throw new LimitRefusedException("a network device has a name that is not understood");
            }
            names.add(device.getName());
            addresses.addAll(routed);
        }
        return new Devices(names, addresses);
    }
}
