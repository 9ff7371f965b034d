package io.garrison.edge.packaging;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.garrison.edge.packaging.Programs.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** This machine once more: what is installed, changed or removed there is gone when it is closed. */
final class ThrowAwayRoot implements AutoCloseable {

    /** Over the machine's files, in a mount namespace that nobody else sees. */
    private static final String LAYER = """
            set -e
            mount -t tmpfs layer "$1"
            cd "$1"
            mkdir upper work root
            mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" root
            cp "$2" root/root/garrison-edge.deb
            rm -f root/usr/sbin/policy-rc.d
            chroot root userdel garrison 2>/dev/null || true
            """;

    private static final String ALONE = LAYER + """
            mount --rbind /proc root/proc
            mount --rbind /dev root/dev
            mount -t sysfs sys root/sys
            ip link set lo up
            echo ready
            exec cat
            """;

    /** No unit starts by itself but those of a bare system, and none that the machine has enabled. */
    private static final String BOOTED = LAYER + """
            rm -rf root/etc/systemd/system root/etc/rc?.d
            mkdir root/etc/systemd/system
            echo 0123456789abcdef0123456789abcdef >root/etc/machine-id
            ln -s /dev/null root/etc/systemd/system/nftables.service
            echo ready
            exec systemd-nspawn --quiet --directory=root --register=no --keep-unit --capability=CAP_NET_ADMIN \\
                --kill-signal=SIGRTMIN+3 --console=pipe --boot systemd.unit=multi-user.target
            """;

    private final Path root;
    private final Process process;
    private final List<String> enter;

    private ThrowAwayRoot(Path directory, Process process, List<String> enter) {
        this.root = directory.resolve("root");
        this.process = process;
        this.enter = enter;
    }

    /** Without services, and with a network of its own. */
    static ThrowAwayRoot alone(Path directory) throws Exception {
        assumeUsable();
        var process = start(List.of("unshare", "--mount", "--net", "--propagation", "private"), ALONE, directory);
        return new ThrowAwayRoot(
                directory,
                process,
                List.of(
                        "nsenter",
                        "--target",
                        Long.toString(process.pid()),
                        "--mount",
                        "--net",
                        "chroot",
                        directory.resolve("root").toString()));
    }

    /** With systemd as its first process, on the network of this machine. */
    static ThrowAwayRoot booted(Path directory) throws Exception {
        assumeUsable();
        assumeTrue(Programs.installed("systemd-nspawn"), "systemd-nspawn (systemd-container) is not installed");
        var process = start(List.of("unshare", "--mount", "--propagation", "private"), BOOTED, directory);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < deadline && process.isAlive()) {
            var first = process.descendants()
                    .filter(child -> child.info().command().orElse("").endsWith("/systemd/systemd"))
                    .findFirst();
            if (first.isPresent()) {
                var root = new ThrowAwayRoot(
                        directory,
                        process,
                        List.of("nsenter", "--target", Long.toString(first.get().pid()), "--all"));
                // "degraded" is up as well
                if (root.run("systemctl", "is-active", "multi-user.target").status() == 0) {
                    return root;
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        process.destroyForcibly();
        assumeTrue(false, "systemd does not start in a container here");
        throw new IllegalStateException();
    }

    private static void assumeUsable() throws Exception {
        assumeTrue(Programs.isRoot(), "root is needed to mount");
        assumeTrue(Programs.installed("dpkg", "unshare", "nsenter"), "dpkg, unshare and nsenter are needed");
        assumeTrue(
                Programs.installed("haproxy", "nft", "tc", "keepalived"),
                "haproxy, nft, tc and keepalived, which the package depends on, are needed");
    }

    private static Process start(List<String> namespace, String script, Path directory) throws IOException {
        var command = new ArrayList<>(namespace);
        command.addAll(List.of("sh", "-c", script, "root", directory.toString(), Programs.DEB.toString()));
        var process = new ProcessBuilder(command)
                .redirectError(directory.resolveSibling("root.log").toFile())
                .start();
        var line = process.inputReader().readLine();
        if (!"ready".equals(line)) {
            process.destroyForcibly();
            assumeTrue(
                    false,
                    "an overlay can't be mounted here: " + Files.readString(directory.resolveSibling("root.log")));
        }
        return process;
    }

    Result run(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(enter);
        command.addAll(List.of(words));
        return Programs.run(command);
    }

    /** @return what the program said */
    String must(String... words) throws IOException, InterruptedException {
        return run(words).requireSuccess().output();
    }

    /** Installs the package once more as version 9.0. */
    void upgrade() throws IOException, InterruptedException {
        must("dpkg-deb", "--raw-extract", "/root/garrison-edge.deb", "/root/next");
        must("sed", "-i", "s/^Version: .*/Version: 9.0/", "/root/next/DEBIAN/control");
        must("dpkg-deb", "-Znone", "--build", "/root/next", "/root/next.deb");
        must("dpkg", "--install", "/root/next.deb");
    }

    /** Copies a directory's content, with owners and rights. */
    void bring(Path directory, String to) throws IOException, InterruptedException {
        Programs.run(
                        "nsenter",
                        "--target",
                        Long.toString(process.pid()),
                        "--mount",
                        "cp",
                        "-a",
                        directory + "/.",
                        root + to)
                .requireSuccess();
    }

    @Override
    public void close() throws Exception {
        for (var child : process.descendants().toList()) {
            child.destroyForcibly();
        }
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
}
