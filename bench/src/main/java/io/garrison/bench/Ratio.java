package io.garrison.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The median of the rounds' ratios, and where it lies with 95 % certainty by resampling the rounds (percentile bootstrap,
 * 10,000 samples, always the same ones). A goal is met if the less favourable end of the interval meets it.
 */
record Ratio(double median, double low, double high) {

    private static final int SAMPLES = 10_000;

    static Ratio of(List<Double> rounds) {
        var random = new Random(1);
        var medians = new ArrayList<Double>(SAMPLES);
        for (int sample = 0; sample < SAMPLES; sample++) {
            var drawn = random.ints(rounds.size(), 0, rounds.size())
                    .mapToObj(rounds::get)
                    .toList();
            medians.add(Results.median(drawn));
        }
        medians.sort(null);
        return new Ratio(
                Results.median(rounds), medians.get(SAMPLES * 25 / 1_000), medians.get(SAMPLES * 975 / 1_000 - 1));
    }

    /** Pairs the rounds of two arms. */
    static Ratio of(List<Double> numerators, List<Double> denominators) {
        var ratios = new ArrayList<Double>();
        for (int i = 0; i < numerators.size(); i++) {
            ratios.add(numerators.get(i) / denominators.get(i));
        }
        return of(ratios);
    }

    @Override
    public String toString() {
        return "%.3f [%.3f, %.3f]".formatted(median, low, high);
    }
}
