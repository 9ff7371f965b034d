package io.garrison.edge.cluster;

import io.garrison.edge.cluster.MemberHealth.Status;
import io.garrison.edge.cluster.election.Election.Standing;
import io.garrison.edge.events.EventJournal;
import io.garrison.edge.events.EventJournal.Severity;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What happens among the members, for people.
 *
 * @param names of members, where management has given one
 */
record ClusterNews(EventJournal journal, Function<UUID, @Nullable String> names) {

    void mainIs(Standing standing) {
        var main = standing.main();
        if (main != null) {
            journal.record("cluster.main-changed", Severity.INFO, name(main) + " leads in term " + standing.term());
        }
    }

    void memberIs(UUID member, Status before, Status after) {
        var text = name(member) + " is " + after.name().toLowerCase(Locale.ROOT);
        switch (after) {
            case HEALTHY -> journal.record("cluster.member-healthy", Severity.INFO, text);
            case SUSPECT -> {
                if (before == Status.HEALTHY) {
                    journal.record("cluster.member-suspect", Severity.INFO, text);
                }
            }
            case LOST -> journal.record("cluster.member-lost", Severity.WARNING, text);
        }
    }

    void quorumIs(boolean there) {
        if (there) {
            journal.record("cluster.quorum-found", Severity.INFO, "members enough for a decision are there");
        } else {
            journal.record("cluster.quorum-lost", Severity.WARNING, "members are missing for any decision");
        }
    }

    void healed(List<Set<UUID>> parts) {
        var text = parts.stream()
                .map(part -> part.stream().map(this::name).collect(Collectors.joining(", ")))
                .collect(Collectors.joining(" | "));
        journal.record("cluster.split", Severity.ALARM, "the members were in parts: " + text);
        journal.record("cluster.healed", Severity.INFO, "the members are together again");
    }

    void ballotDamaged(Path aside) {
        journal.record(
                "cluster.ballot-damaged",
                Severity.ALARM,
                "The file of this instance's vote was damaged and is now " + aside.getFileName()
                        + "; it votes again once the others have told their terms. Look at its disk.");
    }

    private String name(UUID member) {
        var name = names.apply(member);
        return name == null ? member.toString() : name;
    }
}
