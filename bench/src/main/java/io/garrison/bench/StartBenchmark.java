package io.garrison.bench;

import io.garrison.acceptance.Installation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Start of the application on data that exists, with the ahead-of-time cache and without, in ABBA order. */
final class StartBenchmark implements Benchmark {

    private static final int ROUNDS = 4;

    @Override
    public Map<String, Object> run() throws Exception {
        var with = new ArrayList<Double>();
        var without = new ArrayList<Double>();
        try (var installation = new Installation(1)) {
            installation.stop();
            for (int round = 0; round < ROUNDS; round++) {
                for (boolean cache : round % 2 == 0 ? new boolean[] {true, false} : new boolean[] {false, true}) {
                    long begin = System.nanoTime();
                    installation.start(Map.of("GARRISON_AOT", cache ? "on" : "off"));
                    (cache ? with : without).add((System.nanoTime() - begin) / 1e9);
                    installation.stop();
                }
            }
        }
        var figures = new LinkedHashMap<String, Object>();
        figures.put("secondsWithCache", List.copyOf(with));
        figures.put("secondsWithoutCache", List.copyOf(without));
        figures.put(
                "summary",
                "command to READY, embedded servers included: %.1f s with the cache, %.1f s without, ratio %.2f"
                        .formatted(
                                Results.median(with),
                                Results.median(without),
                                Results.median(with) / Results.median(without)));
        return figures;
    }
}
