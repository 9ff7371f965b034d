package io.garrison.bench;

import io.garrison.edge.testing.JoinedStack;
import io.garrison.edge.testing.JoinedStack.Instance;
import io.garrison.edge.testing.ScriptedGateway;
import io.garrison.protocol.Availability;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * How long the members of a cluster are without a main that is killed: from right before the signal until the last of the
 * survivors says who leads in a later term. The moments are those of the events that the agents record.
 */
final class Elections {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long POLL_MS = 100;
    private static final long CALM_MS = 400;

    private final int members;
    private final int leastMs;
    private final int mostMs;
    private final List<Round> rounds = new ArrayList<>();

    /**
     * @param ms until the last survivor knew
     * @param terms how many later the new term is; more than one if voters did not agree at once
     * @param calm whether nobody had been elected since the round before but by its kill
     */
    private record Round(double ms, long terms, boolean calm) {
        Map<String, Object> told() {
            return Map.of("ms", ms, "terms", terms, "calm", calm);
        }
    }

    private record Standing(String main, long term) {}

    /** @param leastMs shortest silence of a main before another stands; the longest is twice of it */
    Elections(int members, int leastMs) {
        this.members = members;
        this.leastMs = leastMs;
        this.mostMs = 2 * leastMs;
    }

    /** @param deadline of {@link System#nanoTime}, after which no round begins */
    void run(Path directory, int count, long deadline) throws Exception {
        var settings = List.of(
                "cluster.enabled=true",
                "election.timeout-min-ms=" + leastMs,
                "election.timeout-max-ms=" + mostMs,
                // So that the next round need not wait for the one who is started again to be called healthy.
                "health.check-interval-secs=1",
                "gossip.success-threshold=1");
        try (var stack = new JoinedStack(directory, members, 1, settings)) {
            stack.start(LIMIT);
            long term = 0;
            for (int round = 0; round < count && System.nanoTime() < deadline; round++) {
                term = round(stack, term);
            }
        }
        System.out.println("  " + name() + ": " + figures());
    }

    String name() {
        return members + " members, " + leastMs + "-" + mostMs + " ms";
    }

    int rounds() {
        return rounds.size();
    }

    Distribution ofLongestSilence() {
        return Distribution.of(rounds.stream().map(round -> round.ms() / mostMs).toList());
    }

    Map<String, Object> figures() {
        var told = new LinkedHashMap<String, Object>(
                Distribution.of(rounds.stream().map(Round::ms).toList()).told("Ms"));
        told.put("ofLongestSilence", ofLongestSilence().told(""));
        told.put(
                "moreThanOneTerm",
                rounds.stream().filter(round -> round.terms() > 1).count());
        told.put(
                "electionsWithoutAKill",
                rounds.stream().filter(round -> !round.calm()).count());
        return told;
    }

    List<Map<String, Object>> told() {
        return rounds.stream().map(Round::told).toList();
    }

    /** @return the term that it ends in */
    private long round(JoinedStack stack, long lastTerm) throws Exception {
        var unused = await("settled", stack.instances, standing -> true, members);
        // Anywhere between two signs of life.
        TimeUnit.MILLISECONDS.sleep(CALM_MS + ThreadLocalRandom.current().nextInt(50));
        var before = await("settled still", stack.instances, standing -> true, members);
        var main = before.main();
        long term = before.term();
        var killed = stack.instances.stream()
                .filter(one -> one.id.toString().equals(main))
                .findFirst()
                .orElseThrow();
        var survivors = stack.instances.stream().filter(one -> one != killed).toList();
        var began = Instant.now();
        killed.agent().kill();
        var after = await(
                "a new main",
                survivors,
                standing -> standing.term() > term && !standing.main().equals(main),
                0);
        double latest = 0;
        for (var survivor : survivors) {
            var at = told(stack, survivor, began, after.term());
            latest = Math.max(latest, Duration.between(began, at).toNanos() / 1e6);
        }
        rounds.add(new Round(latest, after.term() - term, lastTerm == 0 || lastTerm == term));
        killed.start();
        return after.term();
    }

    private interface Wanted {
        boolean is(Standing standing);
    }

    /**
     * Until all of these say the same.
     *
     * @param connected how many members each must see well
     */
    private static Standing await(String what, List<Instance> those, Wanted wanted, int connected)
            throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < end) {
            var agreed = agreed(those, connected).filter(wanted::is);
            if (agreed.isPresent()) {
                return agreed.get();
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        }
        throw new AssertionError("not in " + LIMIT + ": " + what + "; "
                + those.stream().map(Instance::cluster).toList());
    }

    private static Optional<Standing> agreed(List<Instance> those, int connected) {
        Standing agreed = null;
        for (var one : those) {
            var status = one.cluster();
            if (!(status.get("main") instanceof String main)
                    || !(status.get("term") instanceof Number term)
                    || !(status.get("healthy_members") instanceof Number healthy)
                    || healthy.intValue() < connected) {
                return Optional.empty();
            }
            var standing = new Standing(main, term.longValue());
            if (agreed != null && !agreed.equals(standing)) {
                return Optional.empty();
            }
            agreed = standing;
        }
        return Optional.ofNullable(agreed);
    }

    /** When this survivor said, for the first time since then, who leads in that term. */
    private static Instant told(JoinedStack stack, Instance survivor, Instant since, long term)
            throws InterruptedException {
        ScriptedGateway.await(
                "the event of term " + term,
                LIMIT,
                () -> changed(stack, survivor, since, term).isPresent());
        return changed(stack, survivor, since, term).orElseThrow().at();
    }

    private static Optional<Availability.Event> changed(
            JoinedStack stack, Instance survivor, Instant since, long term) {
        return stack.gateway.reports.stream()
                .map(report -> report.availability())
                .filter(availability -> availability != null
                        && availability.cluster() != null
                        && availability.cluster().nodeId().equals(survivor.id))
                .flatMap(availability -> availability.events().stream())
                .filter(event -> event.code().equals("cluster.main-changed")
                        && event.at().isAfter(since)
                        && event.message().endsWith(" in term " + term))
                .findFirst();
    }
}
