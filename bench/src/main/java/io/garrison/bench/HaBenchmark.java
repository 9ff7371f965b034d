package io.garrison.bench;

import io.garrison.edge.testing.HaPair;
import io.garrison.edge.testing.HaPair.Probes;
import io.garrison.edge.testing.HaPair.Seen;
import io.garrison.edge.testing.HaValues;
import io.garrison.edge.testing.ScriptedGateway;
import java.nio.file.Files;
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

    private final HaRounds rounds = new HaRounds();

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
        var group = ControlGroup.enter();
        try {
            return measured(Watch.start(group));
        } finally {
            if (group.isPresent()) {
                group.get().close();
            }
        }
    }

    private Map<String, Object> measured(Watch watch) throws Exception {
        var directory = Files.createTempDirectory("garrison-ha");
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
        return rounds.figures(watch.stop());
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
            rounds.add(arm, failure, seen);
            probes.on();
            undo.run();
            settle.run();
        }
        System.out.println("  " + arm + ", " + failure + ": " + rounds.distribution(arm, failure));
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
}
