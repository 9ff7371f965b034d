package io.garrison.edge.shaping;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Leads what the targets send to clients by way of another device. The filters sit at the hook in front of a device's own
 * queueing discipline, which stays whatever it is. A changed set of filters is put in place before the former is taken
 * away, so that no packet gets by.
 */
record Egress(Program tc, KernelNames names) {

    private static final Pattern QDISC = Pattern.compile("qdisc (clsact|ingress) \\S+ dev (\\S+) .*");

    /** @throws LimitRefusedException if somebody else has a say in what leaves the device */
    void lead(String device, List<Target> targets) throws IOException {
        if (!hasHook(device)) {
            tc.run("qdisc", "add", "dev", device, "clsact");
        }
        var filters = filters(device, "egress");
        var own = filters.stream().filter(filter -> filter.isOf(names)).toList();
        for (var filter : filters) {
            if (!filter.isOfAnInstance() || !own.contains(filter) && names.owns(filter.preference())) {
                throw new LimitRefusedException("there are filters of somebody else on what leaves " + device);
            }
        }
        if (own.size() == targets.size()
                && own.stream().noneMatch(EgressFilter::leadsNowhere)
                && targets.stream().allMatch(target -> own.stream().anyMatch(filter -> filter.is(target)))) {
            return;
        }
        int free = own.stream().anyMatch(filter -> filter.preference() < names.preference() + 2)
                ? names.preference() + 2
                : names.preference();
        delete(
                device,
                own.stream()
                        .filter(filter -> filter.preference() / 2 == free / 2)
                        .toList());
        add(device, targets, free);
        delete(
                device,
                own.stream()
                        .filter(filter -> filter.preference() / 2 != free / 2)
                        .toList());
    }

    /** Touches nothing where nothing was led. Otherwise the hook goes too if nobody uses it. */
    void leave(String device) throws IOException {
        var own = filters(device, "egress").stream()
                .filter(filter -> filter.isOf(names))
                .toList();
        if (own.isEmpty()) {
            return;
        }
        delete(device, own);
        if (filters(device, "egress").isEmpty() && filters(device, "ingress").isEmpty()) {
            tc.run("qdisc", "del", "dev", device, "clsact");
        }
    }

    /** The devices on which something may be led. */
    List<String> hooked() throws IOException {
        return hooked("clsact");
    }

    private List<String> hooked(String kind) throws IOException {
        return tc.run("qdisc", "show")
                .lines()
                .map(QDISC::matcher)
                .filter(line -> line.matches() && line.group(1).equals(kind))
                .map(line -> line.group(2))
                .toList();
    }

    private boolean hasHook(String device) throws IOException {
        if (hooked("ingress").contains(device)) {
            throw new LimitRefusedException(device + " has an ingress queueing discipline of somebody else");
        }
        return hooked().contains(device);
    }

    private List<EgressFilter> filters(String device, String hook) throws IOException {
        return EgressFilter.parse(tc.run("filter", "show", "dev", device, hook));
    }

    private void add(String device, List<Target> targets, int preference) throws IOException {
        var batch = new StringBuilder();
        for (var target : targets) {
            batch.append("filter add dev %s egress protocol %s pref %d u32"
                    .formatted(device, target.tcProtocol(), target.isV4() ? preference : preference + 1));
            target.matches().forEach(match -> batch.append(' ').append(match.asked()));
            batch.append(" action mirred egress redirect dev ")
                    .append(names.out())
                    .append('\n');
        }
        if (!targets.isEmpty()) {
            tc.feed(batch.toString(), "-batch", "-");
        }
    }

    private void delete(String device, List<EgressFilter> filters) throws IOException {
        record Place(String protocol, int preference) {}
        var places = filters.stream()
                .map(filter -> new Place(filter.protocol(), filter.preference()))
                .distinct()
                .toList();
        for (var place : places) {
            var preference = Integer.toString(place.preference());
            tc.run("filter", "del", "dev", device, "egress", "protocol", place.protocol(), "pref", preference);
        }
    }
}
