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
            double before = ProcessFigures.cpuSeconds(pid);
            TimeUnit.SECONDS.sleep(MEASURE_SECONDS);
            double cpuPercent = (ProcessFigures.cpuSeconds(pid) - before) / MEASURE_SECONDS * 100;
            double pss = ProcessFigures.pssMebibytes(pid);
            var figures = new LinkedHashMap<String, Object>();
            figures.put("pssMebibytes", pss);
            figures.put("cpuPercentOfACore", cpuPercent);
            figures.put("measuredSeconds", MEASURE_SECONDS);
            figures.put(
                    "summary",
                    "PSS %.1f MiB (%.2f of 45 MiB), %.2f %% of a core (%.2f of 0.5 %%)"
                            .formatted(pss, pss / 45, cpuPercent, cpuPercent / 0.5));
            return figures;
        }
    }
}
