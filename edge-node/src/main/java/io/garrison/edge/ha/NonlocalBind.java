package io.garrison.edge.ha;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Lets HAProxy listen on addresses that are a peer's just now (ip-sysctl: ip_nonlocal_bind). */
final class NonlocalBind {

    private static final List<Path> SWITCHES =
            List.of(Path.of("/proc/sys/net/ipv4/ip_nonlocal_bind"), Path.of("/proc/sys/net/ipv6/ip_nonlocal_bind"));

    private NonlocalBind() {}

    /**
     * @return whether it was off before
     * @throws IOException if this user may not
     */
    static boolean allow() throws IOException {
        boolean changed = false;
        for (var file : SWITCHES) {
            if (Files.exists(file) && !Files.readString(file).startsWith("1")) {
                Files.writeString(file, "1\n");
                changed = true;
            }
        }
        return changed;
    }
}
