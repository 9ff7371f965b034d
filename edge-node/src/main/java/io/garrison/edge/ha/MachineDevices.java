package io.garrison.edge.ha;

import io.garrison.edge.ha.keepalived.PlanRenderer;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;

/** The network devices of this machine, or of this network namespace. */
final class MachineDevices implements PlanRenderer.Devices {

    @Override
    public boolean exists(String device) {
        try {
            return NetworkInterface.getByName(device) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    @Override
    public Optional<String> firstAddress(String device) {
        try {
            var found = NetworkInterface.getByName(device);
            return found == null
                    ? Optional.empty()
                    : found.inetAddresses()
                            .filter(address -> !address.isLinkLocalAddress() && !address.isLoopbackAddress())
                            .map(InetAddress::getHostAddress)
                            .map(literal -> literal.replaceFirst("%.*", ""))
                            .findFirst();
        } catch (SocketException e) {
            return Optional.empty();
        }
    }
}
