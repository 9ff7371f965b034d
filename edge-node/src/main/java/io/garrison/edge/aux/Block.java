package io.garrison.edge.aux;

import io.garrison.edge.haproxy.SharedTables.SharedBlock;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;

/**
 * Clients that are refused for a while, or no longer. Of two for one range the one with the higher version holds, and
 * every instance finds the same, in whatever order they arrive.
 *
 * @param range canonical address or CIDR block
 * @param until seconds since 1970; afterwards it bars the way of earlier ones that would hold longer
 * @param version seconds since 1970 when it was made, and more than that of the one before
 * @param lifted whether it was taken back before its time
 * @param reason for people; at most {@value #MAX_REASON} characters, of those made here {@value #MAX_REASON_BYTES} bytes
 * @param origin the instance that made it known
 */
public record Block(String range, long until, long version, boolean lifted, String reason, UUID origin) {

    static final int MAX_REASON = 60;

    /** In UTF-8: what fits into a key of HAProxy's table, encoded, beside the longest range (43 characters). */
    static final int MAX_REASON_BYTES = 108;

    /** How far ahead another instance's clock may be, s. */
    static final long AHEAD = 3_600;

    private static final long LONGEST = 60L * BlockRules.MAX_MINUTES;

    private static final char PARTING = '~';

    private static final Comparator<Block> ORDER = Comparator.comparingLong(Block::version)
            .thenComparing(Block::lifted)
            .thenComparingLong(Block::until)
            .thenComparing(Block::reason);

    boolean holdsOver(Block other) {
        return ORDER.compare(this, other) > 0;
    }

    /** @param now seconds since 1970 */
    boolean isInForce(long now) {
        return !lifted && until > now;
    }

    /** Whether nothing that came before it can hold any more, so that it need not be remembered. */
    boolean isOutlived(long now) {
        return until <= now && version <= now - LONGEST - AHEAD;
    }

    /** Whether an instance with a clock that is right may have made it. A version far ahead could never be lifted. */
    boolean isPlausible(long now) {
        return until <= now + LONGEST + AHEAD && version <= now + AHEAD;
    }

    /** As it travels: HAProxy's tables have keys and numbers. */
    SharedBlock shared() {
        var encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(reason.getBytes(StandardCharsets.UTF_8));
        return new SharedBlock(range + PARTING + encoded, until, version, lifted);
    }

    /** @return nothing if it is none */
    static Optional<Block> of(SharedBlock shared, UUID origin) {
        int parting = shared.key().indexOf(PARTING);
        if (parting < 0) {
            return Optional.empty();
        }
        try {
            var range = BlockRules.range(shared.key().substring(0, parting));
            var reason = new String(
                    Base64.getUrlDecoder().decode(shared.key().substring(parting + 1)), StandardCharsets.UTF_8);
            return BlockRules.isReason(reason)
                    ? Optional.of(
                            new Block(range.text(), shared.until(), shared.version(), shared.lifted(), reason, origin))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
