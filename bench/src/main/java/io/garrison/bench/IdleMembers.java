package io.garrison.bench;

import io.garrison.edge.testing.JoinedStack;
import io.garrison.edge.testing.JoinedStack.Instance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * What three agents take that do nothing but be members of a cluster, beside three that are none; at the same time, with
 * the same policy and shared tables.
 */
record IdleMembers(List<Figures> members, List<Figures> without) {

    private static final int MEMBERS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int SETTLE_SECONDS = 30;
    private static final int MEASURE_SECONDS = 60;
    private static final int HEARTBEAT_SECONDS = 10;

    /** @param role in the cluster; empty for none */
    record Figures(String role, double pssMebibytes, double cpuPercent) {
        Map<String, Object> told() {
            return Map.of("role", role, "pssMebibytes", pssMebibytes, "cpuPercentOfACore", cpuPercent);
        }
    }

    static IdleMembers run(Path directory) throws Exception {
        try (var on = new JoinedStack(
                        directory.resolve("on"), MEMBERS, HEARTBEAT_SECONDS, List.of("cluster.enabled=true"));
                var off = new JoinedStack(
                        directory.resolve("off"), MEMBERS, HEARTBEAT_SECONDS, List.of("cluster.enabled=false"))) {
            on.start(LIMIT);
            off.start(LIMIT);
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            var before = new HashMap<UUID, Double>();
            var arms = List.of(on, off);
            long began = System.nanoTime();
            // The same ids in both.
            for (var arm : arms) {
                for (var one : arm.instances) {
                    before.put(
                            key(arm == on, one),
                            ProcessFigures.cpuSeconds(one.agent().pid()));
                }
            }
            TimeUnit.SECONDS.sleep(MEASURE_SECONDS);
            double seconds = (System.nanoTime() - began) / 1e9;
            return new IdleMembers(figures(on, true, before, seconds), figures(off, false, before, seconds));
        }
    }

    private static UUID key(boolean on, Instance one) {
        return new UUID(on ? 1 : 0, one.id.getLeastSignificantBits());
    }

    private static List<Figures> figures(JoinedStack arm, boolean on, Map<UUID, Double> before, double seconds)
            throws IOException {
        var figures = new ArrayList<Figures>();
        for (var one : arm.instances) {
            long pid = one.agent().pid();
            double cpu = ProcessFigures.cpuSeconds(pid) - before.getOrDefault(key(on, one), 0.0);
            var role = String.valueOf(one.cluster().getOrDefault("role", ""));
            figures.add(new Figures(role, ProcessFigures.pssMebibytes(pid), cpu / seconds * 100));
        }
        return figures;
    }

    double cpuPercentOfMember() {
        return median(members, Figures::cpuPercent);
    }

    double cpuPercentWithout() {
        return median(without, Figures::cpuPercent);
    }

    double pssMebibytesOfMember() {
        return median(members, Figures::pssMebibytes);
    }

    double pssMebibytesWithout() {
        return median(without, Figures::pssMebibytes);
    }

    Map<String, Object> told() {
        var told = new LinkedHashMap<String, Object>();
        told.put("cpuPercentOfMember", cpuPercentOfMember());
        told.put("cpuPercentWithout", cpuPercentWithout());
        told.put("pssMebibytesOfMember", pssMebibytesOfMember());
        told.put("pssMebibytesWithout", pssMebibytesWithout());
        told.put("members", members.stream().map(Figures::told).toList());
        told.put("without", without.stream().map(Figures::told).toList());
        return told;
    }

    private static double median(List<Figures> figures, ToDoubleFunction<Figures> of) {
        return Results.median(figures.stream().map(of::applyAsDouble).toList());
    }
}
