package io.garrison.protocol;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the doctor of an instance has found, layer by layer.
 *
 * @param id of the wish for it, {@link ReportAnswer#examine()}
 * @param findings in the order of their layers
 * @param problem why there are none; absent if it came to its end
 */
public record Examination(
        UUID id,
        Instant startedAt,
        Instant endedAt,
        List<Finding> findings,
        @Nullable String problem) {

    public Examination {
        findings = Absent.orEmpty(findings);
    }

    /**
     * @param id stable, such as {@code gateway.port} or {@code DI-T12}
     * @param layer such as {@code GATEWAY}
     * @param outcome {@code GOOD}, {@code BAD} or {@code SKIPPED}
     * @param found for people
     * @param fix what to do; absent unless it is bad
     */
    public record Finding(
            String id,
            String layer,
            String outcome,
            String found,
            @Nullable String fix) {}
}
