package io.garrison.edge.aux;

import io.garrison.edge.haproxy.ClientRange;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * When each blocked range ends for a reader that goes by the longest prefix, as HAProxy's maps do (Configuration Manual,
 * 7.3.1). A narrow range that is over would hide a wide one around it that still holds, so each range gets the latest end
 * of all that contain it.
 */
final class LatestEnds {

    private static final int BITS = 128;
    private static final int BITS_BEFORE_V4 = 96;

    /** {@code ::ffff:0:0/96}: HAProxy looks for IPv4 clients there if no IPv4 range contains them. */
    private static final BigInteger MAPPED = BigInteger.valueOf(0xffff).shiftLeft(32);

    private LatestEnds() {}

    private record Span(String text, BigInteger first, int prefix, long until) {

        static Span of(String text, long until) {
            var range = ClientRange.parse(text);
            var address = InetAddress.ofLiteral(text.split("/", 2)[0]);
            var value = new BigInteger(1, address.getAddress());
            return range.v6()
                    ? new Span(text, value, range.prefix(), until)
                    : new Span(text, value.add(MAPPED), BITS_BEFORE_V4 + range.prefix(), until);
        }

        boolean contains(Span other) {
            int rest = BITS - prefix;
            return prefix <= other.prefix && first.shiftRight(rest).equals(other.first.shiftRight(rest));
        }
    }

    /** @param untilByRange by {@link ClientRange#text()} */
    static Map<String, Long> of(Map<String, Long> untilByRange) {
        var spans = untilByRange.entrySet().stream()
                .map(entry -> Span.of(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(Span::first).thenComparingInt(Span::prefix))
                .toList();
        var ends = new HashMap<String, Long>();
        // Two ranges are disjoint or one contains the other, so those around the current one are a stack.
        var around = new ArrayDeque<Span>();
        for (var span : spans) {
            var outer = around.peek();
            while (outer != null && !outer.contains(span)) {
                around.pop();
                outer = around.peek();
            }
            long until = outer == null ? span.until() : Math.max(span.until(), outer.until());
            ends.put(span.text(), until);
            around.push(new Span(span.text(), span.first(), span.prefix(), until));
        }
        return ends;
    }
}
