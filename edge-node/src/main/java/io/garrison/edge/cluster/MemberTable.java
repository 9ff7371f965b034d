package io.garrison.edge.cluster;

import io.garrison.edge.cluster.MemberHealth.Rules;
import io.garrison.edge.cluster.MemberHealth.Status;
import io.garrison.protocol.Availability.MemberState;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How the peers are: those declared and those seen. Thread-safe. */
final class MemberTable {

    private final UUID self;
    private final Rules rules;
    private final Membership membership;
    private final Clock clock;
    private final Change change;
    private final Map<UUID, Entry> entries = new TreeMap<>();

    private static final class Entry {
        private final MemberHealth health;
        private final Recent falls;
        private @Nullable String address;
        private String role = "UNKNOWN";
        private long revision;
        private boolean silent;

        Entry(Rules rules, Clock clock) {
            health = new MemberHealth(rules);
            falls = new Recent(clock);
        }
    }

    /** Told of every change of a peer's status, while the table is locked. */
    interface Change {
        void of(UUID member, Status before, Status after);
    }

    MemberTable(UUID self, Rules rules, Membership membership, Clock clock, Change change) {
        this.self = self;
        this.rules = rules;
        this.membership = membership;
        this.clock = clock;
        this.change = change;
    }

    /** The peers to ask. Whoever is neither declared nor there any more is forgotten. */
    synchronized Set<UUID> peers(Set<UUID> present) {
        var wanted = new HashSet<>(present);
        membership.members().forEach(member -> wanted.add(member.instanceId()));
        wanted.remove(self);
        entries.keySet().retainAll(wanted);
        wanted.forEach(peer -> entries.computeIfAbsent(peer, id -> new Entry(rules, clock)));
        return wanted;
    }

    synchronized void answered(UUID peer, Said.Status said) {
        var entry = entries.get(peer);
        if (entry != null) {
            entry.address = said.address();
            entry.role = said.role();
            entry.revision = said.revision();
            entry.silent = said.silent();
            changing(peer, entry, () -> entry.health.answered(clock.instant()));
        }
    }

    synchronized void failed(UUID peer) {
        var entry = entries.get(peer);
        if (entry != null) {
            changing(peer, entry, () -> entry.health.failed(clock.instant()));
        }
    }

    /** The group consists of these now. */
    synchronized void present(Set<UUID> members) {
        entries.forEach((peer, entry) -> {
            if (!members.contains(peer)) {
                changing(peer, entry, entry.health::gone);
            }
        });
    }

    /** A peer that management answers, preferring the one with the highest revision. */
    synchronized Optional<UUID> bestInformed() {
        return entries.entrySet().stream()
                .filter(entry -> entry.getValue().health.status() == Status.HEALTHY)
                .max(Comparator.comparing((Map.Entry<UUID, Entry> entry) -> !entry.getValue().silent)
                        .thenComparingLong(entry -> entry.getValue().revision))
                .map(Map.Entry::getKey);
    }

    /** @param main who leads, whatever the peers said last */
    synchronized List<MemberState> states(@Nullable UUID main) {
        var states = new ArrayList<MemberState>();
        entries.forEach((peer, entry) -> states.add(new MemberState(
                peer,
                membership.name(peer),
                entry.address == null ? membership.address(peer) : entry.address,
                role(peer, entry, main),
                entry.health.status().name().toLowerCase(Locale.ROOT),
                entry.revision,
                entry.health.lastSeen())));
        return states;
    }

    /** How often each peer was healthy and then was not, within {@link Recent#WINDOW}. */
    synchronized Map<UUID, Integer> falls() {
        var falls = new TreeMap<UUID, Integer>();
        entries.forEach((peer, entry) -> falls.put(peer, entry.falls.count()));
        return falls;
    }

    private static String role(UUID peer, Entry entry, @Nullable UUID main) {
        if (peer.equals(main)) {
            return "MAIN";
        }
        // Who led when it was heard last leads no longer, if another does.
        return main != null && "MAIN".equals(entry.role) ? "WORKER" : entry.role;
    }

    private void changing(UUID peer, Entry entry, Runnable step) {
        var before = entry.health.status();
        step.run();
        var after = entry.health.status();
        if (before == Status.HEALTHY && after != before) {
            entry.falls.happened();
        }
        if (after != before) {
            change.of(peer, before, after);
        }
    }
}
