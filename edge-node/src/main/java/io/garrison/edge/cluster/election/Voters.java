package io.garrison.edge.cluster.election;

import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The declared membership, and which parts of it can decide. From three on it is more than a half. Of two, one would be no
 * more than a half: there the primary decides, alone or with the other. If both are primaries, that is the one with the
 * lower id; if none is, it takes both.
 */
public record Voters(SortedSet<UUID> members, Optional<UUID> tieBreaker) {

    public static final Voters NOBODY = new Voters(new TreeSet<>(), Optional.empty());

    public static Voters of(Collection<UUID> members, Collection<UUID> primaries) {
        var sorted = new TreeSet<>(members);
        var first = new TreeSet<>(primaries);
        first.retainAll(sorted);
        return new Voters(sorted, first.isEmpty() ? Optional.empty() : Optional.of(first.first()));
    }

    public boolean contains(UUID member) {
        return members.contains(member);
    }

    /** Whether these can decide together; whoever is not declared does not count. */
    public boolean isQuorum(Set<UUID> present) {
        var counted = new HashSet<>(present);
        counted.retainAll(members);
        if (members.size() == 2 && tieBreaker.isPresent()) {
            return counted.contains(tieBreaker.get());
        }
        return counted.size() > members.size() / 2;
    }
}
