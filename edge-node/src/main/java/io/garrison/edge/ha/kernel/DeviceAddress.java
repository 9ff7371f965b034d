package io.garrison.edge.ha.kernel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Arrays;

/** An address of one device, with the length of its network's prefix. */
public record DeviceAddress(InetAddress address, int prefixLength, String device) {

    /** Whether the device has it now. */
    public boolean isThere() throws SocketException {
        var found = NetworkInterface.getByName(device);
        return found != null
                && found.getInterfaceAddresses().stream()
                        .anyMatch(one -> one.getNetworkPrefixLength() == prefixLength
                                && Arrays.equals(one.getAddress().getAddress(), address.getAddress()));
    }

    /** @throws IOException if it is there still */
    public void remove() throws IOException {
        var unused = Iproute.run("addr", "del", network(), "dev", device);
    }

    /** As programs write it. */
    public String network() {
        return address.getHostAddress().replaceFirst("%.*", "") + "/" + prefixLength;
    }

    @Override
    public String toString() {
        return network() + " on " + device;
    }
}
