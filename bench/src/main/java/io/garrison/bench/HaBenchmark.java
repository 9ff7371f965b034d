package io.garrison.bench;

import io.garrison.edge.testing.HaPair;
import io.garrison.edge.testing.HaPair.Probes;
import io.garrison.edge.testing.HaPair.Seen;
import io.garrison.edge.testing.HaValues;
import io.garrison.edge.testing.ScriptedGateway;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How long clients of a shared address wait when its holder fails, in each way that it can fail: Garrison with adverts of
 * 100 ms against keepalived alone with its defaults (adverts of 1 s, nobody who watches HAProxy), on the same two machines.
 * Goals: the death of HAProxy within 0.05 of what a lost link takes with the defaults, a lost link within 0.12, no failed
 * request when an instance is drained and when it takes the addresses back, whether clients keep their connections or not.
 */
final class HaBenchmark implements Benchmark {

    static final int ROUNDS = 20;
    private static final int PACE_MS = 5;
    private static final long AFTERWARDS_MS = 300;

    private final List<Round> rounds = new ArrayList<>();

    /** @param gapMs between two good answers */
    private record Round(String arm, String failure, long gapMs, int failed, int refused, int probes) {
        boolean isPlanned() {
            return failure.startsWith("drain") || failure.startsWith("taken back");
        }

        Map<String, Object> told() {
            return Map.of(
                    "arm", arm, "failure", failure, "gapMs", gapMs, "failed", failed, "refused", refused, "probes",
                    probes);
        }
    }

    /** Something that is done to the pair and undone again. */
    interface Step {
        void run() throws Exception;
    }

    @Override
    public Map<String, Object> run() throws Exception {
        var missing = HaPair.missing();
        if (missing.isPresent()) {
            return Map.of("summary", "not measured: " + missing.get());
        }
        var directory = Files.createTempDirectory("garrison-ha");
        var watch = Watch.start(Map.of("benchmark", ProcessHandle.current().pid()));
        try (var pair = new HaPair(directory)) {
            var values = new HaValues();
            pair.plan(values.build());
            pair.awaitInForce();
            holds(pair, true);
            try (var probes = pair.keep(PACE_MS)) {
                planned(pair, probes, ", connections kept");
            }
            try (var probes = pair.probe(PACE_MS)) {
                planned(pair, probes, "");
                garrison(pair, probes);
            }
            try (var plain = new PlainKeepalived(pair, directory);
                    var probes = pair.probe(PACE_MS)) {
                plain(pair, plain, probes);
            }
        }
        return figures(watch.stop());
    }

    private void planned(HaPair pair, Probes probes, String clients) throws Exception {
        var one = pair.first;
        measure(
                "garrison",
                "drain" + clients,
                probes,
                () -> {
                    one.gateway.draining = true;
                    holds(pair, false);
                },
                () -> one.gateway.draining = false,
                () -> holds(pair, true));
        one.gateway.draining = true;
        holds(pair, false);
        measure(
                "garrison",
                "taken back" + clients,
                probes,
                () -> {
                    one.gateway.draining = false;
                    holds(pair, true);
                },
                () -> one.gateway.draining = true,
                () -> holds(pair, false));
        one.gateway.draining = false;
        holds(pair, true);
    }

    private void garrison(HaPair pair, Probes probes) throws Exception {
        var one = pair.first;
        measure(
                "garrison",
                "kill -9 keepalived",
                probes,
                () -> {
                    one.killKeepalived();
                    pair.await("taken over", () -> pair.second.role("web").equals("MASTER"));
                },
                () -> {},
                () -> holds(pair, true));
        measure(
                "garrison",
                "kill -9 HAProxy",
                probes,
                () -> {
                    one.killHaproxy();
                    holds(pair, false);
                },
                () -> {},
                () -> holds(pair, true));
        measure(
                "garrison",
                "link down",
                probes,
                () -> {
                    one.cable(false);
                    holds(pair, false);
                },
                () -> one.cable(true),
                () -> holds(pair, true));
        measure(
                "garrison",
                "partition",
                probes,
                () -> {
                    deaf(pair, "meta l4proto 112 drop", "meta l4proto 112 drop");
                    pair.await("both hold", () -> pair.second.holdsQuietly(HaPair.SHARED));
                },
                () -> heard(pair),
                () -> holds(pair, true));
        measure(
                "garrison",
                "adverts lost one way",
                probes,
                () -> {
                    deaf(pair, "meta l4proto 112 drop", "");
                    pair.await("both hold", () -> pair.second.holdsQuietly(HaPair.SHARED));
                },
                () -> heard(pair),
                () -> holds(pair, true));
        measure(
                "garrison",
                "kill -9 agent",
                probes,
                () -> {
                    one.agent().kill();
                    TimeUnit.MILLISECONDS.sleep(500);
                },
                one::start,
                () -> holds(pair, true));
        measure(
                "garrison",
                "machine lost",
                probes,
                () -> {
                    one.cable(false);
                    one.lose();
                    pair.await("taken over", () -> pair.second.holdsQuietly(HaPair.SHARED));
                },
                () -> {
                    one.start();
                    one.cable(true);
                },
                () -> holds(pair, true));
    }

    private void plain(HaPair pair, PlainKeepalived plain, Probes probes) throws Exception {
        plain.awaitHolder(true);
        measure(
                "defaults",
                "stop",
                probes,
                () -> {
                    plain.stopFirst();
                    plain.awaitHolder(false);
                },
                plain::startFirst,
                () -> plain.awaitHolder(true));
        measure(
                "defaults",
                "kill -9 keepalived",
                probes,
                () -> {
                    plain.killFirst();
                    pair.await("taken over", () -> pair.second.holdsQuietly(HaPair.SHARED));
                },
                plain::startFirst,
                () -> plain.awaitHolder(true));
        measure(
                "defaults",
                "link down",
                probes,
                () -> {
                    pair.first.cable(false);
                    plain.awaitHolder(false);
                },
                () -> pair.first.cable(true),
                () -> plain.awaitHolder(true));
    }

    private void measure(String arm, String failure, Probes probes, Step fail, Step undo, Step settle)
            throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            probes.awaitAnswer();
            TimeUnit.MILLISECONDS.sleep(AFTERWARDS_MS);
            probes.seen();
            TimeUnit.MILLISECONDS.sleep(AFTERWARDS_MS / 3);
            fail.run();
            TimeUnit.MILLISECONDS.sleep(AFTERWARDS_MS);
            Seen seen = probes.settled();
            rounds.add(new Round(arm, failure, seen.longestGapMs(), seen.failed(), seen.refused(), seen.probes()));
            probes.on();
            undo.run();
            settle.run();
        }
        System.out.println("  " + arm + ", " + failure + ": " + distribution(arm, failure));
    }

    private static void holds(HaPair pair, boolean first) throws Exception {
        pair.awaitHolder(first ? pair.first : pair.second, "web", HaPair.SHARED);
    }

    private static void deaf(HaPair pair, String in, String out) throws Exception {
        pair.second.in("nft", "add table inet deaf");
        pair.second.in("nft", "add chain inet deaf in { type filter hook input priority 0; }");
        pair.second.in("nft", "add chain inet deaf out { type filter hook output priority 0; }");
        pair.second.in("nft", "add rule inet deaf in " + in);
        if (!out.isEmpty()) {
            pair.second.in("nft", "add rule inet deaf out " + out);
        }
    }

    private static void heard(HaPair pair) throws Exception {
        pair.second.in("nft", "delete table inet deaf");
        ScriptedGateway.await(
                "one gives up", HaPair.SOON, () -> pair.second.role("web").equals("BACKUP"));
    }

    private Map<String, Object> figures(Watch.Taken taken) {
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

    private Map<String, Object> distribution(String arm, String failure) {
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
        told.put("probes", own.stream().mapToInt(Round::probes).sum());
        return told;
    }
}
