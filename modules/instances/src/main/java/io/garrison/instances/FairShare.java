package io.garrison.instances;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Splits a rate over instances, max-min fair: nobody gets more than it wants as long as another gets less than it wants,
 * and those who want more than there is get the same. What nobody wants is spread evenly, so that whoever begins to want
 * it has some of it already.
 */
final class FairShare {

    private FairShare() {}

    /**
     * @param demandBps what the instance passes, by its reports
     * @param hungry it uses nearly all that it may, so nobody knows how much it would pass
     */
    record Wish(InstanceId instance, long demandBps, boolean hungry) {

        /** With room to grow: what the next seconds ask for is not known. */
        long wantedBps(long capBps) {
            long grown = demandBps > capBps ? capBps : demandBps + demandBps / 4;
            return hungry ? capBps : Math.min(grown, capBps);
        }
    }

    /** The least that an instance is given: half a percent, or half of an equal part if there are more than a hundred. */
    static long floorBps(long capBps, int instances) {
        return capBps / Math.max(200, 2L * instances);
    }

    /** @return a share for each; together at most {@code capBps} */
    static Map<InstanceId, Long> split(long capBps, List<Wish> wishes) {
        var shares = new HashMap<InstanceId, Long>();
        long floor = floorBps(capBps, wishes.size());
        var modestFirst = wishes.stream()
                .sorted(Comparator.comparingLong(wish -> wish.wantedBps(capBps)))
                .toList();
        long left = capBps;
        int waiting = wishes.size();
        for (var wish : modestFirst) {
            long share = Math.min(Math.max(floor, wish.wantedBps(capBps)), left / waiting);
            shares.put(wish.instance(), share);
            left -= share;
            waiting--;
        }
        if (!wishes.isEmpty()) {
            long more = left / wishes.size();
            shares.replaceAll((instance, share) -> share + more);
        }
        return shares;
    }
}
