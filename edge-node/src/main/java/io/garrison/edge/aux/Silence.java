package io.garrison.edge.aux;

import io.garrison.protocol.Availability.Fault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** From whom nothing arrives. */
final class Silence {

    /** Three signs of life, and the time to look once more. */
    static final Duration PATIENCE = Duration.ofMillis(3_250);

    /**
     * For whoever has just become a member: its data plane may not have heard of it yet, and two HAProxies that connect to
     * each other at once may cut each other off and try again after 5 s.
     */
    private static final Duration BEGINNING = Duration.ofSeconds(15);

    private final Clock clock;
    /** From when on a member counts as silent, unless it is heard. */
    private final Map<UUID, Instant> silentFrom = new HashMap<>();

    private final Map<String, Instant> since = new HashMap<>();
    private @Nullable Instant lastHeard;

    Silence(Clock clock) {
        this.clock = clock;
    }

    synchronized void expect(Set<UUID> members) {
        silentFrom.keySet().retainAll(members);
        members.forEach(member -> silentFrom.putIfAbsent(member, clock.instant().plus(BEGINNING)));
        if (members.isEmpty()) {
            lastHeard = null;
        }
    }

    synchronized void heard(UUID member) {
        lastHeard = clock.instant();
        silentFrom.put(member, lastHeard.plus(PATIENCE));
    }

    synchronized @Nullable Instant lastHeard() {
        return lastHeard;
    }

    /** @param unavailable why nothing is shared at all */
    synchronized List<Fault> faults(@Nullable String unavailable) {
        var now = clock.instant();
        var faults = new ArrayList<Fault>();
        if (unavailable != null) {
            faults.add(new Fault("aux-unavailable", unavailable, since("aux-unavailable", now)));
        } else {
            since.remove("aux-unavailable");
        }
        var silent = new TreeSet<UUID>();
        silentFrom.forEach((member, from) -> {
            if (!now.isBefore(from)) {
                silent.add(member);
            }
        });
        if (silent.isEmpty()) {
            since.remove("aux-stale");
        } else {
            var first =
                    silent.stream().map(silentFrom::get).min(Instant::compareTo).orElse(now);
            var message = "No shared state arrives from "
                    + String.join(", ", silent.stream().map(UUID::toString).toList());
            faults.add(new Fault("aux-stale", message, since("aux-stale", first)));
        }
        return List.copyOf(faults);
    }

    private Instant since(String code, Instant from) {
        return since.computeIfAbsent(code, unused -> from);
    }
}
