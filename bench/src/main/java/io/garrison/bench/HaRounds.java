package io.garrison.bench;

import io.garrison.edge.testing.HaPair.Seen;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What clients saw each time that something failed. */
final class HaRounds {

    private final List<Round> rounds = new ArrayList<>();

    /**
     * @param gapMs between two good answers
     * @param refused those of the failed that got no connection
     * @param broken those of the failed whose connection broke; the rest had no answer in time
     */
    private record Round(String arm, String failure, long gapMs, int failed, int refused, int broken, int probes) {
        boolean isPlanned() {
            return failure.startsWith("drain") || failure.startsWith("taken back");
        }

        Map<String, Object> told() {
            return Map.of(
                    "arm", arm, "failure", failure, "gapMs", gapMs, "failed", failed, "refused", refused, "broken",
                    broken, "probes", probes);
        }
    }

    void add(String arm, String failure, Seen seen) {
        rounds.add(new Round(
                arm, failure, seen.longestGapMs(), seen.failed(), seen.refused(), seen.broken(), seen.probes()));
    }

    /** What is kept of them, and the goals they are held against. */
    Map<String, Object> figures(Watch.Taken taken) {
        var figures = new LinkedHashMap<String, Object>();
        var distributions = new LinkedHashMap<String, Object>();
        for (var round : rounds) {
            distributions.computeIfAbsent(
                    round.arm() + ": " + round.failure(), key -> distribution(round.arm(), round.failure()));
        }
        var defaults = gaps("defaults", "link down");
        var haproxy = Ratio.of(gaps("garrison", "kill -9 HAProxy"), defaults);
        var link = Ratio.of(gaps("garrison", "link down"), defaults);
        var planned = rounds.stream().filter(Round::isPlanned).toList();
        int failed = planned.stream().mapToInt(Round::failed).sum();
        int asked = planned.stream().mapToInt(Round::probes).sum();
        figures.put("distributions", distributions);
        figures.put("haproxyDeathOfDefaultLinkLoss", haproxy.toString());
        figures.put("linkLossOfDefaultLinkLoss", link.toString());
        figures.put("failedOfPlanned", failed + " of " + asked);
        figures.put("foreignCores", taken.foreignCores());
        figures.put("disturbed", taken.isDisturbed());
        figures.put("rounds", rounds.stream().map(Round::told).toList());
        figures.put(
                "summary",
                "death of HAProxy %s (goal 0.05) and lost link %s (goal 0.12) of a lost link with the defaults; %d of %d requests failed in planned moves"
                        .formatted(haproxy, link, failed, asked));
        return figures;
    }

    private List<Double> gaps(String arm, String failure) {
        return rounds.stream()
                .filter(round -> round.arm().equals(arm) && round.failure().equals(failure))
                .map(round -> (double) round.gapMs())
                .toList();
    }

    /** Of the rounds in which one thing failed. */
    Map<String, Object> distribution(String arm, String failure) {
        var own = rounds.stream()
                .filter(round -> round.arm().equals(arm) && round.failure().equals(failure))
                .toList();
        var sorted = own.stream().map(Round::gapMs).sorted().toList();
        var told = new LinkedHashMap<String, Object>();
        told.put("rounds", own.size());
        told.put("gapMsP50", sorted.get(sorted.size() / 2));
        told.put("gapMsP95", sorted.get(Math.min(sorted.size() - 1, sorted.size() * 95 / 100)));
        told.put("gapMsMax", sorted.getLast());
        told.put("failed", own.stream().mapToInt(Round::failed).sum());
        told.put("refused", own.stream().mapToInt(Round::refused).sum());
        told.put("broken", own.stream().mapToInt(Round::broken).sum());
        told.put("probes", own.stream().mapToInt(Round::probes).sum());
        return told;
    }
}
