package io.garrison.edge.ha.bypass;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the kernel passes packets between its devices. */
enum Forwarding {
    IPV4(Path.of("/proc/sys/net/ipv4/ip_forward")),
    IPV6(Path.of("/proc/sys/net/ipv6/conf/all/forwarding"));

    private final Path file;

    Forwarding(Path file) {
        this.file = file;
    }

    static Forwarding of(String address) {
        return InetAddress.ofLiteral(address).getAddress().length == 4 ? IPV4 : IPV6;
    }

    boolean isOn() throws IOException {
        return Files.readString(file).startsWith("1");
    }

    void set(boolean on) throws IOException {
        if (isOn() != on) {
            Files.writeString(file, on ? "1\n" : "0\n");
        }
    }

    /** As nftables calls it. */
    String protocol() {
        return this == IPV4 ? "ipv4" : "ipv6";
    }

    /** Of a table for which it was switched on; it ends with the machine, as the setting does. */
    String mark() {
        return "forwards_" + protocol();
    }
}
