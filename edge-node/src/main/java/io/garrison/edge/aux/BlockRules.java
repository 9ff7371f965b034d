package io.garrison.edge.aux;

import io.garrison.edge.haproxy.ClientRange;
import java.nio.charset.StandardCharsets;

/** What an operator may block. */
final class BlockRules {

    /** A week. */
    static final int MAX_MINUTES = 10_080;

    private static final int SHORTEST_V4 = 8;
    private static final int SHORTEST_V6 = 16;

    private BlockRules() {}

    /** Why it was not done. */
    static final class Refused extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private final String code;
        private final String field;

        Refused(String code, String field, String message) {
            super(message);
            this.code = code;
            this.field = field;
        }

        String code() {
            return code;
        }

        String field() {
            return field;
        }
    }

    static ClientRange range(String text) {
        ClientRange range;
        try {
            range = ClientRange.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Refused(
                    "block-range",
                    "range",
                    "must be an IP address or a block such as 203.0.113.0/24, not " + shown(text));
        }
        int shortest = range.v6() ? SHORTEST_V6 : SHORTEST_V4;
        if (range.prefix() < shortest) {
            throw new Refused(
                    "block-too-wide",
                    "range",
                    "a prefix of at least " + shortest + " bits is needed, " + range.text() + " would block too many");
        }
        return range;
    }

    static int minutes(int minutes) {
        if (minutes < 1 || minutes > MAX_MINUTES) {
            throw new Refused("block-minutes", "minutes", "must be 1–" + MAX_MINUTES + ", not " + minutes);
        }
        return minutes;
    }

    static String reason(String reason) {
        if (!isReason(reason)) {
            throw new Refused(
                    "block-reason", "reason", "must be one line of at most " + Block.MAX_REASON + " characters");
        }
        int bytes = reason.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Block.MAX_REASON_BYTES) {
            throw new Refused(
                    "block-reason",
                    "reason",
                    "must be at most " + Block.MAX_REASON_BYTES + " bytes in UTF-8, not " + bytes);
        }
        return reason;
    }

    /** Another instance may have taken more bytes for a range that is short. */
    static boolean isReason(String reason) {
        return reason.length() <= Block.MAX_REASON && reason.chars().noneMatch(Character::isISOControl);
    }

    private static String shown(String text) {
        return text.length() > 64 ? text.substring(0, 64) + "…" : text;
    }
}
