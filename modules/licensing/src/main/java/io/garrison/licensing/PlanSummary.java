package io.garrison.licensing;

import io.garrison.licensing.PlanManagement.PlanTerms;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A plan as its newest version has it.
 *
 * @param version grows with each change; for the entity tag
 * @param changedAt when this version was made
 * @param retiredAt since when nothing can be cut from it; null if something can
 */
public record PlanSummary(
        PlanId id,
        PlanTerms terms,
        long version,
        Instant createdAt,
        Instant changedAt,
        @Nullable Instant retiredAt) {}
