package io.garrison.edge.haproxy;

import io.garrison.edge.state.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Addresses whose clients are told with each answer that their connection ends, so that they begin the next one with
 * whoever has the address then. Thread-safe; nothing waits for HAProxy.
 */
public final class ClosingConnections {

    private static final Logger log = LoggerFactory.getLogger(ClosingConnections.class);

    private final HaproxySockets haproxy;
    private volatile Set<String> wanted = Set.of();

    public ClosingConnections(HaproxySockets haproxy) {
        this.haproxy = haproxy;
    }

    /** At these and no others. */
    public void at(Set<String> addresses) {
        wanted = Set.copyOf(addresses);
        Thread.ofPlatform().name("closing-connections").daemon().start(this::tell);
    }

    /** The file first: a worker that starts meanwhile reads it. */
    private synchronized void tell() {
        var now = new TreeSet<>(wanted);
        try {
            var lines = now.stream().map(address -> address + " 1\n").collect(Collectors.joining());
            DurableFiles.replaceLazily(haproxy.closing(), lines.getBytes(StandardCharsets.US_ASCII));
            var map = haproxy.closing().toString().replace(" ", "\\ ");
            var answer = RuntimeSocket.ask(haproxy.stats(), "show map " + map);
            if (!answer.startsWith("Unknown map")) {
                var changes = changes(map, held(answer), now);
                if (!changes.isEmpty()) {
                    var unused = RuntimeSocket.ask(haproxy.stats(), String.join(";", changes));
                }
            }
        } catch (IOException e) {
            log.debug("HAProxy is not told whose connections end: {}", e.toString());
        }
    }

    private static List<String> changes(String map, Set<String> held, Set<String> now) {
        var changes = new ArrayList<String>();
        held.stream().filter(one -> !now.contains(one)).forEach(one -> changes.add("del map " + map + " " + one));
        now.stream()
                .filter(one -> !held.contains(one))
                .forEach(one -> changes.add("add map " + map + " " + one + " 1"));
        return changes;
    }

    private static Set<String> held(String answer) {
        var held = new HashSet<String>();
        for (var line : answer.split("\n")) {
            var words = line.strip().split(" ");
            if (words.length == 3) {
                held.add(words[1]);
            }
        }
        return held;
    }
}
