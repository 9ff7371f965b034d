package io.garrison.edge.agent;

import io.garrison.protocol.Report.MachineLoad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How busy the machine is that the agent shares with the data plane, by what the kernel has counted. Not thread-safe. */
final class MachineWatch {

    private static final Logger log = LoggerFactory.getLogger(MachineWatch.class);

    /** Reports that follow each other at once tell of the same span: one that is shorter says little. */
    private static final long LEAST_NANOS = 1_000_000_000L;

    /** user nice system idle iowait irq softirq steal; what follows is in user and nice already (proc_stat(5)). */
    private static final int TIMES = 8;

    private static final int IDLE = 3;
    private static final int IOWAIT = 4;

    /** received: bytes packets errs drop fifo frame compressed multicast; then sent (proc_pid_net(5)). */
    private static final int SENT_BYTES = 8;

    private final Path proc;
    private final Path devices;
    private final LongSupplier nanos;
    private @Nullable Counted before;
    private @Nullable MachineLoad latest;

    private record Counted(long nanos, long busy, long all, long received, long sent) {}

    /**
     * @param proc where proc(5) is
     * @param devices {@code /sys/class/net}
     * @param nanos a clock that only goes forward
     */
    MachineWatch(Path proc, Path devices, LongSupplier nanos) {
        this.proc = proc;
        this.devices = devices;
        this.nanos = nanos;
    }

    static MachineWatch ofThisMachine() {
        return new MachineWatch(Path.of("/proc"), Path.of("/sys/class/net"), System::nanoTime);
    }

    /** Since the look before; absent at the first, and where the kernel does not say. */
    @Nullable
    MachineLoad look() {
        var last = before;
        long now = nanos.getAsLong();
        if (last != null && now - last.nanos() < LEAST_NANOS) {
            return latest;
        }
        try {
            var counted = count(now);
            before = counted;
            latest = last == null ? null : load(last, counted);
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            log.debug("The kernel does not say how busy the machine is: {}", e.toString());
            latest = null;
        }
        return latest;
    }

    private MachineLoad load(Counted from, Counted to) throws IOException {
        long all = to.all() - from.all();
        double seconds = (to.nanos() - from.nanos()) / 1e9;
        var memory = memory();
        long total = memory.getOrDefault("MemTotal", 0L);
        return new MachineLoad(
                all <= 0 ? 0 : Math.clamp(Math.round(1_000.0 * (to.busy() - from.busy()) / all) / 10.0, 0, 100),
                total - memory.getOrDefault("MemAvailable", total),
                total,
                bitsPerSecond(to.received() - from.received(), seconds),
                bitsPerSecond(to.sent() - from.sent(), seconds));
    }

    /** A device that goes takes what it has counted along. */
    private static long bitsPerSecond(long bytes, double seconds) {
        return Math.max(0, Math.round(bytes * 8 / seconds));
    }

    private Counted count(long now) throws IOException {
        var times = numbers(Files.readAllLines(proc.resolve("stat")).getFirst().substring("cpu".length()));
        long all = Arrays.stream(times).limit(TIMES).sum();
        long received = 0;
        long sent = 0;
        for (var counted : counters()) {
            received += counted[0];
            sent += counted[SENT_BYTES];
        }
        return new Counted(now, all - times[IDLE] - times[IOWAIT], all, received, sent);
    }

    /** Of the network cards. Without one, as in a container, of everything but the loopback. */
    private List<long[]> counters() throws IOException {
        var byDevice = new HashMap<String, long[]>();
        for (var line : Files.readAllLines(proc.resolve("net/dev"))) {
            int colon = line.indexOf(':');
            if (colon > 0 && !line.substring(0, colon).strip().equals("lo")) {
                byDevice.put(line.substring(0, colon).strip(), numbers(line.substring(colon + 1)));
            }
        }
        var cards = byDevice.entrySet().stream()
                .filter(device -> Files.exists(devices.resolve(device.getKey()).resolve("device")))
                .map(Map.Entry::getValue)
                .toList();
        return cards.isEmpty() ? List.copyOf(byDevice.values()) : cards;
    }

    /** In bytes. */
    private Map<String, Long> memory() throws IOException {
        var memory = new HashMap<String, Long>();
        for (var line : Files.readAllLines(proc.resolve("meminfo"))) {
            if (line.startsWith("MemTotal:") || line.startsWith("MemAvailable:")) {
                int colon = line.indexOf(':');
                memory.put(
                        line.substring(0, colon),
                        numbers(line.substring(colon + 1).replace("kB", ""))[0] << 10);
            }
        }
        return memory;
    }

    private static long[] numbers(String text) {
        return Arrays.stream(text.strip().split("\\s+"))
                .mapToLong(Long::parseLong)
                .toArray();
    }
}
