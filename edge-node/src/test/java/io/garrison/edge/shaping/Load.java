package io.garrison.edge.shaping;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.testing.ScriptedGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.data.Offset;

/** A client at full throttle, and what its own network device counts. */
final class Load implements AutoCloseable {

    private static final int ETHERNET_HEADER = 14;

    private final Process process;
    private final boolean down;
    private final List<Reading> readings = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    private record Reading(long nanos, long rxBytes, long rxPackets, long txBytes, long txPackets, long payload) {
        static Reading of(String line) {
            var fields = line.split(" ");
            return new Reading(
                    Long.parseLong(fields[0]),
                    Long.parseLong(fields[1]),
                    Long.parseLong(fields[2]),
                    Long.parseLong(fields[3]),
                    Long.parseLong(fields[4]),
                    Long.parseLong(fields[5]));
        }
    }

    /** @param direction down or up */
    Load(Namespaces world, String direction, int connections) throws IOException {
        this(world, direction, connections, Namespaces.SERVER);
    }

    Load(Namespaces world, String direction, int connections, String server) throws IOException {
        down = direction.equals("down");
        process = world.peer(world.clients, direction, server, "8080", "ve1", Integer.toString(connections));
        Thread.ofVirtual().start(() -> {
            process.inputReader().lines().forEach(line -> {
                if (line.matches("[0-9 ]+")) {
                    readings.add(Reading.of(line));
                } else {
                    ended = true;
                }
            });
        });
    }

    /** Bits of IP traffic per second, from so long after now and for so long. */
    double bpsAfter(Duration pause, Duration span) throws InterruptedException {
        long now = System.nanoTime(); // one clock for all processes of a machine
        long from = now + pause.toNanos();
        long to = from + span.toNanos();
        ScriptedGateway.await(
                "readings",
                pause.plus(span).plusSeconds(10),
                () -> !readings.isEmpty() && readings.getLast().nanos() >= to);
        var first =
                readings.stream().filter(one -> one.nanos() >= from).findFirst().orElseThrow();
        var last =
                readings.stream().filter(one -> one.nanos() >= to).findFirst().orElseThrow();
        assertThat(ended).as("a connection was lost").isFalse();
        assertThat(last.payload()).isGreaterThan(first.payload());
        return bps(first, last);
    }

    /** Returns as soon as a whole second has passed at about this rate. */
    void awaitBps(double expected, Offset<Double> offset, Duration limit) throws InterruptedException {
        long begin = System.nanoTime();
        ScriptedGateway.await("about " + expected + " bit/s for a second", limit, () -> {
            var since = readings.stream()
                    .filter(one -> one.nanos() >= Math.max(begin, System.nanoTime() - 1_500_000_000L))
                    .toList();
            return !since.isEmpty()
                    && since.getLast().nanos() - since.getFirst().nanos() >= 1_000_000_000L
                    && Math.abs(bps(since.getFirst(), since.getLast()) - expected) <= offset.value;
        });
    }

    private double bps(Reading first, Reading last) {
        long bytes = down
                ? last.rxBytes() - first.rxBytes() - ETHERNET_HEADER * (last.rxPackets() - first.rxPackets())
                : last.txBytes() - first.txBytes() - ETHERNET_HEADER * (last.txPackets() - first.txPackets());
        return bytes * 8e9 / (last.nanos() - first.nanos());
    }

    @Override
    public void close() throws Exception {
        process.destroyForcibly().waitFor();
    }
}
