package io.garrison.edge.haproxy;

import io.garrison.edge.state.DurableFiles;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Where things are. Sockets have a directory of their own, because their paths must stay under 108 bytes. */
record Layout(Path directory, Path sockets) {

    private static final int LONGEST_SOCKET_DIRECTORY = 70;

    static Layout of(Path directory) {
        var within = directory.resolve("run");
        if (within.toString().length() <= LONGEST_SOCKET_DIRECTORY) {
            return new Layout(directory, within);
        }
        var name = "garrison-" + ProtocolJson.sha256Hex(directory.toString()).substring(0, 16);
        return new Layout(directory, Path.of("/tmp", name));
    }

    void create() throws IOException {
        for (var path : new Path[] {directory, sockets, certificates(), lists(), configs()}) {
            Files.createDirectories(path.getParent());
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            requireOwn(path);
        }
        if (!Files.exists(jail())) {
            Files.createDirectory(jail());
        }
        for (var map : List.of(blocked(), closing())) {
            if (!Files.exists(map)) {
                DurableFiles.replace(map, new byte[0]);
            }
        }
        // HAProxy's own user passes through it to the log socket
        Files.setPosixFilePermissions(jail(), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void requireOwn(Path path) throws IOException {
        var found = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        var mine = Files.getOwner(Path.of("/proc/self"));
        if (!found.isDirectory() || !found.owner().equals(mine)) {
            throw new IOException(path + " is not a directory of this user");
        }
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    }

    Path config() {
        return directory.resolve("haproxy.cfg");
    }

    Path state() {
        return directory.resolve("state.json");
    }

    Path configs() {
        return directory.resolve("configs");
    }

    Path certificates() {
        return directory.resolve("certificates");
    }

    Path lists() {
        return directory.resolve("lists");
    }

    /** Blocked clients and until when, for HAProxy to read; changes without a reload. */
    Path blocked() {
        return directory.resolve("blocked.map");
    }

    /** Addresses whose clients' connections end with the next answer; changes without a reload. */
    Path closing() {
        return directory.resolve("closing.map");
    }

    Path jail() {
        return sockets.resolve("jail");
    }

    Path logSocket() {
        return jail().resolve("log.sock");
    }

    Path stats() {
        return sockets.resolve("stats.sock");
    }

    Path master() {
        return sockets.resolve("master.sock");
    }
}
