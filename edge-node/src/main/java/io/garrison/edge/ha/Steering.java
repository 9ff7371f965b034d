package io.garrison.edge.ha;

import io.garrison.edge.ha.keepalived.HaFiles;
import io.garrison.edge.state.DurableFiles;
import io.garrison.protocol.VirtualRouter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells keepalived, by files that it watches, how good this instance is. Effective within milliseconds. Thread-safe. */
final class Steering {

    private static final Logger log = LoggerFactory.getLogger(Steering.class);

    private final HaFiles files;
    private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);
    private final Map<Path, Integer> wanted = new HashMap<>();
    private final Map<Path, Integer> written = new HashMap<>();
    private final Map<String, Integer> drilled = new HashMap<>();
    private boolean bypassed;
    private boolean failing;
    private Runnable before = () -> {};

    Steering(HaFiles files) {
        this.files = files;
    }

    /** @param told before keepalived is, that it may {@linkplain #yields leave addresses to a peer} now, or not any more */
    synchronized void before(Runnable told) {
        before = told;
    }

    /** Before keepalived is started, it must find the files. */
    synchronized void prepare(List<VirtualRouter> routers) throws IOException {
        wanted.clear();
        written.clear();
        wanted.put(files.steering(), weight());
        adopt(routers);
        for (var one : wanted.entrySet()) {
            write(one.getKey(), one.getValue());
        }
    }

    /** What an earlier agent said of single routers holds no longer: its drills ended with it. */
    synchronized void adopt(List<VirtualRouter> routers) {
        for (var router : routers) {
            want(files.steering(router.name()), drilled.getOrDefault(router.name(), 0));
        }
    }

    /** To be called every now and then: says what could not be said when it was wanted. */
    synchronized void tend() {
        Map.copyOf(wanted).forEach(this::want);
    }

    /** What the disk does not take is written by {@link #tend}. @return whether that is news */
    synchronized boolean set(Reason reason, boolean on) {
        boolean news = on ? reasons.add(reason) : reasons.remove(reason);
        before.run();
        want(files.steering(), weight());
        return news;
    }

    synchronized boolean has(Reason reason) {
        return reasons.contains(reason);
    }

    /** Whether a peer is to take over a router's addresses while they are still served here. */
    synchronized boolean yields(String router) {
        return weight() == Reason.YIELDING || drilled.getOrDefault(router, 0) == Reason.YIELDING;
    }

    synchronized boolean isPlanned() {
        return reasons.stream().anyMatch(Reason::isPlanned) || !drilled.isEmpty();
    }

    synchronized void bypass(boolean on) {
        bypassed = on;
        before.run();
        want(files.steering(), weight());
    }

    /** @param weight of one router alone; 0 ends the drill */
    synchronized void drill(String router, int weight) {
        if (weight == 0) {
            drilled.remove(router);
        } else {
            drilled.put(router, weight);
        }
        before.run();
        want(files.steering(router), weight);
    }

    /** What a drill says of a router would stay as long as no other agent comes. */
    synchronized void endDrills() {
        List.copyOf(drilled.keySet()).forEach(router -> drill(router, 0));
    }

    private int weight() {
        return reasons.stream()
                .filter(reason -> !bypassed || reason.holdsInBypass())
                .mapToInt(Reason::weight)
                .min()
                .orElse(0);
    }

    private void want(Path file, int weight) {
        wanted.put(file, weight);
        try {
            write(file, weight);
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                failing = true;
                log.warn("keepalived can't be told how good this instance is: {}", e.toString());
            }
        }
    }

    /**
     * In place, in one write, and shortened only afterwards: keepalived looks when the file is closed and takes the number
     * of the first line. An empty file would mean 0, so a full disk must not leave one.
     */
    private void write(Path file, int weight) throws IOException {
        if (Integer.valueOf(weight).equals(written.get(file))) {
            return;
        }
        var line = (weight + "\n").getBytes(StandardCharsets.US_ASCII);
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            DurableFiles.writeFully(channel, ByteBuffer.wrap(line));
            channel.truncate(line.length);
        }
        written.put(file, weight);
    }
}
