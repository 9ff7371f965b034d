package io.garrison.edge.doctor;

import org.jspecify.annotations.Nullable;

/**
 * What one probe has found.
 *
 * @param id stable, such as {@code gateway.port}
 * @param fix what to do; absent unless it is bad
 */
public record Finding(
        String id,
        Layer layer,
        Outcome outcome,
        String found,
        @Nullable String fix) {

    /** Of a probe. */
    public enum Outcome {
        GOOD,
        BAD,
        /** It says nothing here: switched off, or it rests on something that is bad. */
        SKIPPED
    }

    static Finding good(Layer layer, String id, String found) {
        return new Finding(id, layer, Outcome.GOOD, found, null);
    }

    static Finding bad(Layer layer, String id, String found, String fix) {
        return new Finding(id, layer, Outcome.BAD, found, fix);
    }

    static Finding skipped(Layer layer, String id, String why) {
        return new Finding(id, layer, Outcome.SKIPPED, why, null);
    }

    boolean isBad() {
        return outcome == Outcome.BAD;
    }
}
