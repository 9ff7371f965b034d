package io.garrison.instances;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What changes from one policy to another.
 *
 * @param traffic in words of traffic, one sentence per change that clients or servers notice
 * @param changes the same to the letter
 */
public record PolicyDiff(long from, long to, List<TrafficChange> traffic, List<FieldChange> changes) {

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** @param subject such as {@code virtual service shop} */
    public record TrafficChange(Kind kind, String subject, String sentence) {}

    public enum Kind {
        ADDED,
        REMOVED,
        CHANGED
    }

    /**
     * One value. Virtual services and pools are told apart by name: {@code /virtualServices/shop/port}.
     *
     * @param path JSON pointer, with names in place of positions where elements have names
     * @param before JSON, absent where it was not
     * @param after JSON, absent where it is not
     */
    public record FieldChange(
            Kind kind,
            String path,
            @Nullable String before,
            @Nullable String after) {}
}
