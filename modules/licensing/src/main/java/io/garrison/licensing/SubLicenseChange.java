package io.garrison.licensing;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry in the history of a sub-licence.
 *
 * @param serial of the file that came of it
 * @param actor who did it, as people call them
 * @param action {@code allocated}, {@code resized}, {@code renewed}, {@code suspended}, {@code resumed}, {@code revoked},
 *     {@code transferred-out} or {@code transferred-in}
 * @param from the terms that changed, as they were; empty for the first entry
 * @param to the same terms, as they became
 */
public record SubLicenseChange(
        long serial,
        Instant at,
        String actor,
        String action,
        Map<String, Object> from,
        Map<String, Object> to,
        @Nullable String reason) {}
