package io.garrison.instances.ui;

import io.garrison.instances.Drills.DrillSummary;
import io.garrison.protocol.Availability.DrillResult;
import io.garrison.protocol.Drill.Kind;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** A rehearsal in the reader's words. */
final class DrillWords {

    private DrillWords() {}

    static StateBadge badge(DrillSummary drill) {
        var word = StateBadge.words(drill.state());
        return switch (drill.state()) {
            case PLANNED, RUNNING -> new StateBadge(Signal.SPECIAL, word);
            case DONE -> new StateBadge(Signal.GOOD, word);
            case FAILED -> new StateBadge(Signal.BAD, word);
            case UNANSWERED ->
                new StateBadge(Signal.WARNING, word).because("Not both instances have told what they measured.");
        };
    }

    static String of(Kind kind) {
        return switch (kind) {
            case GRACEFUL -> "Graceful: it hands over";
            case FAULT -> "Fault: as if it had failed";
        };
    }

    /** What was measured, each with its name; nothing before somebody has told. */
    static List<String> figures(DrillSummary drill) {
        var figures = Stream.of(drill.yielded(), drill.probed())
                .filter(Objects::nonNull)
                .flatMap(told -> figures(told).stream());
        return Stream.concat(figures, sessions(drill).stream()).toList();
    }

    /** What went wrong, as each has told it. */
    static List<String> problems(DrillSummary drill) {
        return Stream.of(
                        drill.problem(),
                        drill.yielded() == null ? null : drill.yielded().problem(),
                        drill.probed() == null ? null : drill.probed().problem())
                .filter(Objects::nonNull)
                .map(FieldErrors::sentence)
                .toList();
    }

    private static List<String> figures(DrillResult told) {
        var words = new ArrayList<String>();
        if (told.takeoverMs() != null) {
            words.add("Taken over after " + HaWords.seconds(told.takeoverMs()));
        }
        if (told.longestGapMs() != null) {
            words.add("Longest gap for clients " + HaWords.seconds(told.longestGapMs()));
        }
        if (told.probes() != null && told.failedProbes() != null) {
            words.add("%d of %d probes failed".formatted(told.failedProbes(), told.probes()));
        }
        return words;
    }

    /** Nothing where no service keeps clients by their address. */
    private static Optional<String> sessions(DrillSummary drill) {
        var yielded = drill.yielded();
        var probed = drill.probed();
        var total = yielded == null ? null : yielded.sessionsTotal();
        if (total == null || probed == null) {
            return Optional.empty();
        }
        var kept = probed.sessionsKept();
        if (kept == null) {
            return Optional.of("Not known how many of %d sessions were kept".formatted(total));
        }
        return Optional.of(total == 0 ? "No sessions to keep" : "%d of %d sessions kept".formatted(kept, total));
    }
}
