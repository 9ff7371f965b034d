package io.garrison.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Images and containers in a store of their own, in memory, of which nothing is left when it is closed; the machine's own are
 * not touched. Where that can't be, the test that asks is skipped, and says why.
 */
final class Podman implements AutoCloseable {

    /** What the images are built from unless they are told otherwise. */
    private static final String BASE = "docker.io/library/debian:13-slim";

    private static final String SUITE = "trixie";

    /** As the images that are published under that name leave it out. */
    private static final List<String> SLIM = List.of(
            "--dpkgopt=path-exclude=/usr/share/man/*",
            "--dpkgopt=path-exclude=/usr/share/locale/*",
            "--dpkgopt=path-exclude=/usr/share/doc/*",
            "--dpkgopt=path-include=/usr/share/doc/*/copyright");

    private static final long PATIENCE_SECONDS = 300;

    private final Path store;
    private final List<String> podman;

    private record Result(int status, String said) {}

    private Podman(Path store) {
        this.store = store;
        this.podman = List.of(
                "podman",
                "--root=" + store.resolve("images"),
                "--runroot=" + store.resolve("run"),
                "--tmpdir=" + store.resolve("tmp"),
                "--storage-driver=overlay",
                "--runtime=runc",
                "--cgroup-manager=cgroupfs",
                "--events-backend=file");
    }

    /** With the base of the images in it, which is made of Debian's packages. */
    static Podman open() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "root is needed for containers of their own");
        for (var program : List.of("podman", "runc", "mmdebstrap")) {
            assumeTrue(
                    Stream.of("/usr/bin", "/usr/sbin").anyMatch(bin -> Files.isExecutable(Path.of(bin, program))),
                    program + " is not installed, so no image is built and no container run");
        }
        var opened = new Podman(Files.createTempDirectory("garrison-podman"));
        try {
            Site.run("mount", "-t", "tmpfs", "-o", "mode=0755", "garrison-podman", opened.store.toString());
            opened.makeBase();
        } catch (Throwable e) {
            opened.close();
            throw e;
        }
        return opened;
    }

    private void makeBase() {
        var tar = store.resolve("base.tar");
        var words = new ArrayList<>(List.of("mmdebstrap", "--quiet", "--mode=root", "--variant=minbase"));
        words.addAll(SLIM);
        words.addAll(
                List.of("--dpkgopt=force-unsafe-io", "--aptopt=Acquire::Languages \"none\"", SUITE, tar.toString()));
        var made = call(words);
        assumeTrue(made.status == 0, "no base image without Debian's packages: " + made.said);
        run("import", tar.toString(), BASE);
        var tried = call(command("run", "--rm", "--network=none", BASE, "true"));
        assumeTrue(tried.status == 0, "containers can't be run here: " + tried.said);
    }

    /** Builds the image of a directory with a Containerfile. */
    void build(String name, Path context) {
        run("build", "--network=host", "--format=docker", "--tag=" + name, context.toString());
    }

    /** Whatever podman does; must succeed. @return what it wrote to standard output and error */
    String run(String... words) {
        var result = call(command(words));
        assertThat(result.status)
                .as(String.join(" ", words) + ": " + result.said)
                .isZero();
        return result.said;
    }

    boolean succeeds(String... words) {
        return call(command(words)).status == 0;
    }

    /** Limits that this user may set, where it may not set those that are podman's own. */
    private List<String> command(String... words) {
        var all = new ArrayList<>(podman);
        all.add(words[0]);
        if (List.of("run", "build").contains(words[0])) {
            all.addAll(List.of("--ulimit=nofile=" + openFiles() + ":" + openFiles(), "--ulimit=nproc=4096:4096"));
        }
        all.addAll(List.of(words).subList(1, words.length));
        return all;
    }

    private static String openFiles() {
        try (var limits = Files.lines(Path.of("/proc/self/limits"))) {
            return limits.filter(line -> line.startsWith("Max open files"))
                    .map(line -> line.strip().split("\\s+")[4])
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Result call(List<String> command) {
        try {
            var out = Files.createTempFile(store, "said", ".txt");
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
            builder.environment().put("TMPDIR", store.toString());
            var process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError(command + " does not end: " + Files.readString(out));
            }
            // Podman speaks of systemd, by which it would look after health, wherever there is none.
            var said = Files.readString(out, StandardCharsets.UTF_8).replaceAll("(?m)^time=.* msg=.*systemd.*\\R", "");
            Files.delete(out);
            return new Result(process.exitValue(), said.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(store.resolve("images"))) {
            call(command("rm", "--all", "--force", "--volumes", "--time=0"));
        }
        for (int tries = 0; tries < 5 && isMounted(); tries++) {
            var unused = call0("umount", "--recursive", store.toString());
        }
        assertThat(isMounted()).as("nothing is left of %s", store).isFalse();
        Files.delete(store);
    }

    private boolean isMounted() throws IOException {
        try (var mounts = Files.lines(Path.of("/proc/self/mounts"))) {
            return mounts.anyMatch(line -> line.split(" ")[1].startsWith(store.toString()));
        }
    }

    private static int call0(String... command) throws IOException {
        try {
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
