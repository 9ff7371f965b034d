package io.garrison.edge.doctor;

import io.garrison.edge.state.EdgeConfig;
import io.garrison.protocol.InstancePlan;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the addresses and devices that settings and plan name are this machine's. */
final class AddressProbes {

    private final EdgeConfig config;
    private final @Nullable InstancePlan plan;

    AddressProbes(EdgeConfig config, @Nullable InstancePlan plan) {
        this.config = config;
        this.plan = plan;
    }

    List<Finding> look() {
        var findings = new ArrayList<Finding>();
        config.addresses().forEach((policy, own) -> findings.add(address(policy, own)));
        devices().forEach(device -> findings.add(device(device)));
        if (findings.isEmpty()) {
            findings.add(Finding.skipped(Layer.ADDRESSES, "addresses", "neither settings nor plan name any"));
        }
        return findings;
    }

    private static Finding address(String policy, String own) {
        var id = "addresses.own";
        try {
            var address = InetAddress.ofLiteral(own);
            if (address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null) {
                return Finding.good(Layer.ADDRESSES, id, own + " is this machine's");
            }
        } catch (SocketException | IllegalArgumentException e) {
            // told below
        }
        return Finding.bad(
                Layer.ADDRESSES,
                id,
                own + " is no address of this machine",
                "Correct address." + policy + " in edge.properties, or give the machine the address.");
    }

    private Set<String> devices() {
        var devices = new LinkedHashSet<String>();
        if (plan != null) {
            plan.routers().forEach(router -> devices.add(router.device()));
            plan.linkPairs().forEach(pair -> devices.addAll(List.of(pair.front(), pair.back())));
        }
        return devices;
    }

    private static Finding device(String name) {
        try {
            var device = NetworkInterface.getByName(name);
            if (device == null) {
                return Finding.bad(
                        Layer.ADDRESSES,
                        "addresses.device",
                        "there is no device " + name,
                        "Name the machine's own device in the stack's availability settings: ip -brief link");
            }
            return device.isUp()
                    ? Finding.good(Layer.ADDRESSES, "addresses.device", name + " is up")
                    : Finding.bad(
                            Layer.ADDRESSES,
                            "addresses.device",
                            name + " is down or has no carrier",
                            "Look at the cable and the switch; ip link set " + name + " up");
        } catch (SocketException e) {
            return Finding.bad(
                    Layer.ADDRESSES, "addresses.device", name + " can't be asked: " + e.getMessage(), "Look at it.");
        }
    }
}
