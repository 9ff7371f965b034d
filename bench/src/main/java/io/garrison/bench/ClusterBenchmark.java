package io.garrison.bench;

import io.garrison.edge.testing.JoinedStack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a cluster of agents takes and how soon it acts: an election after its main was killed, a block of a client that
 * reaches the other instances (goal: 2 s at the 95th percentile), memory and processor time of a member beside an agent
 * that is none. Real agents with real HAProxies, all on this machine.
 */
final class ClusterBenchmark implements Benchmark {

    private static final int ELECTIONS = 20;
    private static final int BLOCKS = 30;
    private static final double CONVERGENCE_GOAL_MS = 2_000;
    private static final Duration START = Duration.ofSeconds(60);
    /** For each kind; no round begins later, so that all of it ends within 13 minutes. */
    private static final Duration ELECTIONS_LIMIT = Duration.ofSeconds(130);

    @Override
    public Map<String, Object> run() throws Exception {
        if (!Files.isExecutable(Path.of("/usr/sbin/haproxy"))) {
            return Map.of("summary", "not measured: haproxy is not installed");
        }
        var directory = Files.createTempDirectory("garrison-cluster");
        var watch = Watch.start(Map.of("benchmark", ProcessHandle.current().pid()));
        var idle = IdleMembers.run(directory.resolve("idle"));
        var blocks = Distribution.of(blocks(directory.resolve("blocks")));
        System.out.println("  idle: " + idle.told() + "\n  blocks: " + blocks.told("Ms"));
        var elections =
                List.of(new Elections(3, 150), new Elections(5, 150), new Elections(3, 300), new Elections(5, 300));
        for (var one : elections) {
            long deadline = System.nanoTime() + ELECTIONS_LIMIT.toNanos();
            one.run(directory.resolve(one.name().replaceAll("\\W+", "-")), ELECTIONS, deadline);
        }
        return figures(idle, blocks, elections, watch.stop());
    }

    private static List<Double> blocks(Path directory) throws Exception {
        try (var stack = new JoinedStack(directory, 3, 1, List.of("cluster.enabled=true"))) {
            stack.start(START);
            return Blocking.run(stack, BLOCKS);
        }
    }

    private static Map<String, Object> figures(
            IdleMembers idle, Distribution blocks, List<Elections> elections, Watch.Taken taken) {
        var figures = new LinkedHashMap<String, Object>();
        var latencies = new LinkedHashMap<String, Object>();
        var rounds = new LinkedHashMap<String, Object>();
        for (var one : elections) {
            if (one.rounds() > 0) {
                latencies.put(one.name(), one.figures());
                rounds.put(one.name(), one.told());
            }
        }
        figures.put("elections", latencies);
        figures.put("blocks", blocks.told("Ms"));
        figures.put("blocksP95OfGoal", blocks.percentile(95) / CONVERGENCE_GOAL_MS);
        figures.put("idle", idle.told());
        figures.put("measuredSeconds", taken.wallSeconds());
        figures.put("foreignCores", taken.foreignCores());
        figures.put("disturbed", taken.isDisturbed());
        figures.put("rounds", rounds);
        figures.put("blockRoundsMs", blocks.sorted());
        var first = elections.getFirst().ofLongestSilence();
        figures.put(
                "summary",
                "a main that is killed is replaced within %.2f (p50) and %.2f (p95) of the longest silence (3 members); a block is everywhere in %.0f ms (p95, goal %.0f); an idle member takes %.2f %% of a core and %.1f MiB, without the cluster %.2f %% and %.1f MiB"
                        .formatted(
                                first.percentile(50),
                                first.percentile(95),
                                blocks.percentile(95),
                                CONVERGENCE_GOAL_MS,
                                idle.cpuPercentOfMember(),
                                idle.pssMebibytesOfMember(),
                                idle.cpuPercentWithout(),
                                idle.pssMebibytesWithout()));
        return figures;
    }
}
