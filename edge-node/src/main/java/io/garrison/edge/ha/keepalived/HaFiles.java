package io.garrison.edge.ha.keepalived;

import io.garrison.edge.state.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;

/** Where things of the shared addresses are. The directory belongs to this instance alone. */
public record HaFiles(Path directory) {

    public HaFiles {
        directory = directory.toAbsolutePath().normalize();
    }

    public void create() throws IOException {
        DurableFiles.ownDirectory(directory);
    }

    Path config() {
        return directory.resolve("keepalived.conf");
    }

    Path candidate() {
        return directory.resolve("candidate.conf");
    }

    /** A FIFO: keepalived tells its roles there. */
    Path notifications() {
        return directory.resolve("notify");
    }

    Path pid() {
        return directory.resolve("keepalived.pid");
    }

    /** There while keepalived may not have read the file in {@link #config}. */
    Path reloadPending() {
        return directory.resolve("reload-pending");
    }

    /** Virtual addresses of former configurations that may still be on a device. */
    Path left() {
        return directory.resolve("left-addresses");
    }

    Path vrrpPid() {
        return directory.resolve("vrrp.pid");
    }

    Path log() {
        return directory.resolve("keepalived.log");
    }

    /** What is added to the priority of every router. */
    public Path steering() {
        return directory.resolve("steer");
    }

    /** What is added to the priority of one router. */
    public Path steering(String router) {
        return directory.resolve("steer_" + Words.hash(router));
    }

    /** There while the kernel may have been told what becomes of connections whose address has moved. */
    public Path connections() {
        return directory.resolve("connections");
    }

    /** What ARP was told of devices, and was not before. */
    public Path arp() {
        return directory.resolve("arp.json");
    }

    /** What the machine forwards for a bypass, and did not before. */
    public Path forwarding() {
        return directory.resolve("forwarding");
    }

    /** Results of rehearsals that management has not taken. */
    public Path drills() {
        return directory.resolve("drills.json");
    }

    /** Leads to the pid file of the process without which this instance should not hold any address. */
    public Path alive() {
        return directory.resolve("alive.pid");
    }

    /** Is there while this instance is out of its stack, for an agent that can't ask management. */
    public Path shutOut() {
        return directory.resolve("shut-out");
    }

    /** What holds until a person releases it. */
    public Path latches() {
        return directory.resolve("latches.json");
    }
}
