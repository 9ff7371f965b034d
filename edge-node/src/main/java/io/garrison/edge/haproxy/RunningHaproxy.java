package io.garrison.edge.haproxy;

import io.garrison.edge.haproxy.Rendering.RenderedService;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts, reloads and ends the HAProxy processes of this instance. */
final class RunningHaproxy {

    private static final Logger log = LoggerFactory.getLogger(RunningHaproxy.class);
    private static final Duration RELOAD_PATIENCE = Duration.ofSeconds(30);
    private static final Duration END_PATIENCE = Duration.ofSeconds(2);
    private static final int POLL_MILLIS = 20;

    private final Layout layout;
    private final HaproxyProgram program;

    RunningHaproxy(Layout layout, HaproxyProgram program) {
        this.layout = layout;
        this.program = program;
    }

    Optional<Master> find() {
        return find(layout);
    }

    private static Optional<Master> find(Layout layout) {
        try {
            return Optional.of(Master.ask(layout)).filter(master -> master.current() != 0);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Ends an HAProxy of this instance that does not answer any more: it keeps the ports from the next one. */
    void endSilent() throws InterruptedException {
        if (find().isPresent()) {
            return;
        }
        var left = ProcessHandle.allProcesses().filter(this::isOurs).toList();
        left.forEach(ProcessHandle::destroyForcibly);
        long deadline = System.nanoTime() + END_PATIENCE.toNanos();
        while (left.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < deadline) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** Master and workers are started with the path of the configuration, which no other instance has. */
    private boolean isOurs(ProcessHandle process) {
        try {
            var words = Files.readString(Path.of("/proc/%d/cmdline".formatted(process.pid())))
                    .split("\0");
            return List.of(words).contains(layout.config().toString())
                    && words[0].equals(program.binary().toString());
        } catch (IOException e) {
            return false; // it has just ended
        }
    }

    /** @throws PolicyRefusedException if it does not start with this file */
    void start() throws IOException, InterruptedException {
        var result = program.start(layout.config());
        if (result.status() != 0) {
            throw new PolicyRefusedException("reload-failed", HaproxyProgram.reason(result.output()));
        }
        awaitOtherThan(0, 0);
    }

    /** @throws PolicyRefusedException if the old worker stays */
    void reload(Master before) throws IOException, InterruptedException {
        String answer;
        try {
            answer = RuntimeSocket.ask(layout.master(), "reload");
        } catch (IOException e) {
            // 2.6 replaces the master at once, and the connection with it
            answer = "";
        }
        if (answer.contains("Success=0")) {
            throw new PolicyRefusedException("reload-failed", HaproxyProgram.reason(answer));
        }
        awaitOtherThan(before.current(), before.failedReloads());
    }

    private void awaitOtherThan(long worker, int failedReloads) throws InterruptedException {
        long deadline = System.nanoTime() + RELOAD_PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            var now = find();
            if (now.isPresent() && now.get().current() != worker) {
                return;
            }
            if (now.isPresent() && now.get().failedReloads() > failedReloads) {
                throw new PolicyRefusedException(
                        "reload-failed", "HAProxy did not start with the new configuration; the former one serves.");
            }
            Thread.sleep(POLL_MILLIS);
        }
        throw new PolicyRefusedException("reload-failed", "HAProxy did not finish the reload in time.");
    }

    /** @throws PolicyRefusedException if an enabled service has no listening socket or its frontend isn't open */
    void verify(Collection<RenderedService> services) throws IOException {
        var table = StatTable.parse(RuntimeSocket.ask(layout.stats(), "show stat -1 1 -1"));
        var openFrontends = new HashSet<String>();
        for (int row = 0; row < table.rows(); row++) {
            if (table.text(row, "status").equals("OPEN")) {
                openFrontends.add(table.text(row, "pxname"));
            }
        }
        var listening = listening();
        for (var service : services) {
            if (service.enabled()
                    && !(openFrontends.contains(service.frontend()) && listening.contains(listener(service)))) {
                throw new PolicyRefusedException(
                        "verification-failed", "The virtual service " + service.name() + " is not listening.");
            }
        }
    }

    /**
     * Where HAProxy itself has the port already, on this address, on a wildcard, or on an address that a wildcard will
     * cover, nothing can be tried from outside; it takes what it has over by itself.
     *
     * @throws PolicyRefusedException if somebody else has an address and port that this policy adds
     */
    static void requireFree(Collection<RenderedService> wanted, Collection<RenderedService> held) {
        var own = held.stream().filter(RenderedService::enabled).toList();
        for (var service : wanted) {
            if (!service.enabled() || own.stream().anyMatch(each -> overlap(each, service))) {
                continue;
            }
            var address = Ip.parse(service.address()).address();
            try (var probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                // On loopback an instance of the same stack may share the port (socket(7), SO_REUSEPORT).
                probe.setOption(StandardSocketOptions.SO_REUSEPORT, address.isLoopbackAddress());
                probe.bind(new InetSocketAddress(address, service.port()));
            } catch (IOException e) {
                throw new PolicyRefusedException(
                        "listen-address-unavailable",
                        "The virtual service " + service.name() + " cannot listen on " + service.address() + " port "
                                + service.port()
                                + ": another program has it, it is not an address of this machine, or the port needs"
                                + " more rights.");
            }
        }
    }

    private static boolean overlap(RenderedService one, RenderedService other) {
        if (one.port() != other.port()) {
            return false;
        }
        var first = Ip.parse(one.address()).address();
        var second = Ip.parse(other.address()).address();
        return first.equals(second) || first.isAnyLocalAddress() || second.isAnyLocalAddress();
    }

    /**
     * Tables are not worth a configuration: when somebody else has their address and port, it goes without them.
     *
     * @param held mark of the link of the configuration in force
     * @return the link, if its address and port can be listened on
     */
    @Nullable
    StackLink usable(@Nullable StackLink link, @Nullable String held) {
        if (link == null || (find().isPresent() && link.listensWhere(held))) {
            return link;
        }
        var own = link.own().endpoint();
        try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(own.ip().address(), own.port()));
            return link;
        } catch (IOException e) {
            log.warn(
                    "No shared tables: {} port {} cannot be listened on",
                    own.ip().text(),
                    own.port());
            return null;
        }
    }

    /** @param verb enable or disable */
    void tellFrontends(String verb, Collection<RenderedService> services) throws IOException {
        for (var service : services) {
            if (service.enabled()) {
                var unused = RuntimeSocket.ask(layout.stats(), verb + " frontend " + service.frontend());
            }
        }
    }

    private static String listener(RenderedService service) {
        return HexFormat.of().formatHex(Ip.parse(service.address()).address().getAddress()) + ":" + service.port();
    }

    /** Listening sockets of this machine as the kernel tells them. */
    private static Set<String> listening() throws IOException {
        var found = new HashSet<String>();
        for (var table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
            if (!Files.exists(Path.of(table))) {
                continue;
            }
            for (var line : Files.readAllLines(Path.of(table))) {
                var columns = line.trim().split("\\s+");
                if (columns.length < 4 || !columns[3].equals("0A")) {
                    continue;
                }
                var local = columns[1].split(":");
                byte[] words = HexFormat.of().parseHex(local[0]);
                var address = new byte[words.length];
                for (int i = 0; i < words.length; i++) {
                    // each 32-bit word is in the order of the (little-endian) machine
                    address[i] = words[i / 4 * 4 + 3 - i % 4];
                }
                found.add(HexFormat.of().formatHex(address) + ":" + Integer.parseInt(local[1], 16));
            }
        }
        return found;
    }

    /** Lets connections end by themselves, then ends the rest. */
    void stop(Duration patience) throws IOException, InterruptedException {
        stop(layout, patience);
    }

    static void stop(Layout layout, Duration patience) throws IOException, InterruptedException {
        var master = find(layout);
        if (master.isEmpty()) {
            return;
        }
        var process = ProcessHandle.of(master.get().pid());
        // the JDK sends no SIGUSR1, which is HAProxy's signal for a soft stop
        new ProcessBuilder("/bin/kill", "-USR1", Long.toString(master.get().pid()))
                .start()
                .waitFor(5, TimeUnit.SECONDS);
        long deadline = System.nanoTime() + patience.plusSeconds(2).toNanos();
        while (process.isPresent() && process.get().isAlive() && System.nanoTime() < deadline) {
            Thread.sleep(POLL_MILLIS);
        }
        process.filter(ProcessHandle::isAlive).ifPresent(ProcessHandle::destroy);
    }
}
