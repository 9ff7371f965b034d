package io.garrison.edge.meter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells a restart of the agent from one of the machine. */
public final class BootId {

    private static final Path FILE = Path.of("/proc/sys/kernel/random/boot_id");

    private BootId() {}

    /** Of this run of the kernel. */
    public static String read() throws IOException {
        return Files.readString(FILE).strip();
    }
}
