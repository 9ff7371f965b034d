package io.garrison.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;

/** An address of this machine by which those in network namespaces reach what runs here. Needs root. */
public final class ManagementAddress implements AutoCloseable {

    public static final String VALUE = "10.97." + (201 + ProcessHandle.current().pid() % 50) + ".1";

    public ManagementAddress() {
        Site.run("ip", "addr", "replace", VALUE + "/32", "dev", "lo");
    }

    public static boolean isPossible() {
        return "root".equals(System.getProperty("user.name")) && Files.isExecutable(Path.of("/usr/sbin/ip"));
    }

    @Override
    public void close() {
        Site.run("ip", "addr", "del", VALUE + "/32", "dev", "lo");
    }
}
