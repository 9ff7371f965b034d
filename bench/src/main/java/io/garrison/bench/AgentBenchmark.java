package io.garrison.bench;

import io.garrison.acceptance.World;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Memory and processor time of an idle agent that runs a policy, against the limits of 45 MiB and 0.5 % of a core. */
final class AgentBenchmark implements Benchmark {

    private static final int SETTLE_SECONDS = 30;
    private static final int MEASURE_SECONDS = 120;

    @Override
    public Map<String, Object> run() throws Exception {
        try (var world = new World()) {
            long pid = world.betaOnly.pid();
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            // All that takes part descends from this process.
            var watch = Watch.start(Map.of("benchmark", ProcessHandle.current().pid()));
            double before = ProcessFigures.cpuSeconds(pid);
            TimeUnit.SECONDS.sleep(MEASURE_SECONDS);
            double cpu = ProcessFigures.cpuSeconds(pid) - before;
            var taken = watch.stop();
            double cpuPercent = cpu / taken.wallSeconds() * 100;
            double pss = ProcessFigures.pssMebibytes(pid);
            var figures = new LinkedHashMap<String, Object>();
            figures.put("pssMebibytes", pss);
            figures.put("cpuPercentOfACore", cpuPercent);
            figures.put("measuredSeconds", taken.wallSeconds());
            figures.put("foreignCores", taken.foreignCores());
            figures.put("disturbed", taken.isDisturbed());
            figures.put("pssOfLimit", pss / 45);
            figures.put("cpuOfLimit", cpuPercent / 0.5);
            figures.put(
                    "summary",
                    "PSS %.1f MiB (%.2f of 45 MiB), %.2f %% of a core (%.2f of 0.5 %%)"
                            .formatted(pss, pss / 45, cpuPercent, cpuPercent / 0.5));
            return figures;
        }
    }
}
