package io.garrison.instances;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The place of an event among those of its tenant. It counts nothing, so it says nothing of other tenants.
 *
 * @param receivedAt in µs
 */
public record EventCursor(Instant receivedAt, long sequence, UUID instance, UUID bootId) {

    private static final int MAX_CHARACTERS = 200;
    private static final Pattern FORM = Pattern.compile("(-?\\d{1,18}) (-?\\d{1,19}) ([0-9a-f-]{36}) ([0-9a-f-]{36})");

    /** Opaque to callers. */
    public String text() {
        var plain = "%d %d %s %s"
                .formatted(ChronoUnit.MICROS.between(Instant.EPOCH, receivedAt), sequence, instance, bootId);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.US_ASCII));
    }

    /** @return none if we never gave such a one */
    public static Optional<EventCursor> parse(String text) {
        if (text.length() > MAX_CHARACTERS) {
            return Optional.empty();
        }
        try {
            var parts = FORM.matcher(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII));
            return parts.matches()
                    ? Optional.of(new EventCursor(
                            Instant.EPOCH.plus(Long.parseLong(parts.group(1)), ChronoUnit.MICROS),
                            Long.parseLong(parts.group(2)),
                            UUID.fromString(parts.group(3)),
                            UUID.fromString(parts.group(4))))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
