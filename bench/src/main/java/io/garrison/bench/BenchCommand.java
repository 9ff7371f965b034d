package io.garrison.bench;

import java.util.Map;
import java.util.TreeMap;

/** {@code ./garrison bench [NAME]}: runs one benchmark, or all. */
public final class BenchCommand {

    private static final Map<String, Benchmark> BENCHMARKS = new TreeMap<>(Map.of(
            "start", new StartBenchmark(),
            "agent", new AgentBenchmark(),
            "push", new PushBenchmark(),
            "modes", new ModesBenchmark(),
            "cluster", new ClusterBenchmark(),
            "ha", new HaBenchmark(),
            "meter", new MeterBenchmark()));

    private BenchCommand() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 1 || arguments.length == 1 && !BENCHMARKS.containsKey(arguments[0])) {
            System.err.println("usage: ./garrison bench [" + String.join("|", BENCHMARKS.keySet()) + "]");
            System.exit(2);
        }
        for (var entry : BENCHMARKS.entrySet()) {
            if (arguments.length == 0 || arguments[0].equals(entry.getKey())) {
                Results.keep(entry.getKey(), entry.getValue().run());
            }
        }
    }
}
