package io.garrison.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * How PostgreSQL is run although it refuses to run as root: as the user nobody where that user can reach the data, in a
 * user namespace of its own otherwise. Every way asks Linux to interrupt the server when our process dies.
 */
enum Unprivileged {
    /** We are not root: nothing to give up. */
    AS_WE_ARE(List.of("setpriv", "--pdeathsig=INT")),
    /** Root becomes nobody; the files belong to nobody. */
    AS_NOBODY(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--pdeathsig=INT")),
    /** Root loses its powers in a user namespace; the files stay root's. */
    IN_NAMESPACE(List.of("setpriv", "--pdeathsig=INT", "unshare", "-U"));

    private static final int NOBODY = 65534;

    private final List<String> prefix;

    Unprivileged(List<String> prefix) {
        this.prefix = prefix;
    }

    List<String> prefix() {
        return prefix;
    }

    /** @param paths what the server must reach: its binaries and its data */
    static Unprivileged forPaths(Path... paths) {
        if (!works(List.of("setpriv", "--pdeathsig=INT", "true"))) {
            throw new EmbeddedException("The program setpriv is needed to run PostgreSQL; install util-linux.");
        }
        if (uid() != 0) {
            return AS_WE_ARE;
        }
        if (Stream.of(paths).allMatch(Unprivileged::isReachableByAll) && works(command(AS_NOBODY, "true"))) {
            return AS_NOBODY;
        }
        if (works(command(IN_NAMESPACE, "true"))) {
            return IN_NAMESPACE;
        }
        throw new EmbeddedException("PostgreSQL does not run as root, %s is not reachable for the user nobody, and user"
                        .formatted(paths[paths.length - 1])
                + " namespaces are not allowed here. Use a data directory all of whose parents others may enter"
                + " (chmod o+x), or run as another user.");
    }

    /** Makes the server's user the owner of a directory and all in it, where it is not yet. */
    void own(Path directory) throws IOException {
        if (this == AS_WE_ARE) {
            return;
        }
        int wanted = this == AS_NOBODY ? NOBODY : 0;
        if ((int) Files.getAttribute(directory, "unix:uid") == wanted) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            // The directory itself comes last, so that an interrupted change is done again.
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.setAttribute(path, "unix:gid", wanted, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(path, "unix:uid", wanted, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    static List<String> command(Unprivileged how, String... command) {
        return Stream.concat(how.prefix.stream(), Stream.of(command)).toList();
    }

    private static int uid() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new EmbeddedException("The embedded servers need Linux with /proc", e);
        }
    }

    private static boolean isReachableByAll(Path path) {
        for (Path parent = path.toAbsolutePath(); parent != null; parent = parent.getParent()) {
            try {
                if (Files.exists(parent)
                        && !parent.equals(path.toAbsolutePath())
                        && !Files.getPosixFilePermissions(parent).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                    return false;
                }
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    private static boolean works(List<String> command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
