package io.garrison.edge.shaping;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A filter on what leaves by a device, as {@code tc filter show} tells it.
 *
 * @param kind such as u32
 * @param matches of u32, as shown
 * @param redirect the device that it leads to, if it is of that sort; {@link #GONE} if there is no such device any more
 */
record EgressFilter(
        String protocol,
        int preference,
        String kind,
        TreeSet<String> matches,
        @Nullable String redirect) {

    /** What tc shows when the device was deleted: all that the filter takes is dropped until somebody replaces it. */
    private static final String GONE = "*";

    private static final Pattern HEAD = Pattern.compile("filter (?:parent \\S+ )?protocol (\\S+) pref (\\d+) (\\S+).*");
    private static final Pattern MATCH = Pattern.compile("\\s*match ([0-9a-f]{8}/[0-9a-f]{8} at \\d+).*");
    private static final Pattern REDIRECT = Pattern.compile(".*\\(Egress Redirect to device (\\S+)\\).*");

    /** The lines by which u32 shows its tables are none. */
    static List<EgressFilter> parse(String shown) {
        var filters = new ArrayList<EgressFilter>();
        for (var line : shown.split("\n")) {
            var head = HEAD.matcher(line);
            var match = MATCH.matcher(line);
            var redirect = REDIRECT.matcher(line);
            if (head.matches()) {
                boolean table = head.group(3).equals("u32") && !line.contains(" order ");
                if (!table) {
                    int preference = Integer.parseInt(head.group(2));
                    filters.add(new EgressFilter(head.group(1), preference, head.group(3), new TreeSet<>(), null));
                }
            } else if (match.matches() && !filters.isEmpty()) {
                filters.getLast().matches().add(match.group(1));
            } else if (redirect.matches() && !filters.isEmpty()) {
                var last = filters.removeLast();
                filters.add(new EgressFilter(
                        last.protocol(), last.preference(), last.kind(), last.matches(), redirect.group(1)));
            }
        }
        return filters;
    }

    boolean isOf(KernelNames names) {
        return names.out().equals(redirect) || leadsNowhere() && names.owns(preference);
    }

    /** Whether it is one of an instance's limit, this one's or another's. */
    boolean isOfAnInstance() {
        return redirect != null && KernelNames.isOfAnInstance(redirect)
                || leadsNowhere() && KernelNames.isOfAnInstance(preference);
    }

    boolean leadsNowhere() {
        return GONE.equals(redirect);
    }

    /** Whether it does what the target needs. */
    boolean is(Target target) {
        return protocol.equals(target.tcProtocol())
                && matches.equals(new TreeSet<>(
                        target.matches().stream().map(Target.Match::shown).toList()));
    }
}
