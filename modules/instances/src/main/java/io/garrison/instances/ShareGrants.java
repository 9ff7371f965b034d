package io.garrison.instances;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what one instance may pass next, so that what all that are heard of may be passing never adds up to more than
 * the cap: who is to pass less is told at once, and what that sets free is given to another only when it was confirmed.
 *
 * <p>A silent instance may be dead, or pass as much as ever and be cut off from management only. Nobody knows, and what is
 * kept for a dead one is lacking where its clients are now. So it counts with an equal part at most; with no more than what
 * nobody wants if others of its stack are heard of, because they have its clients; and with nothing if one of those could
 * use more. What one that is only cut off passes beyond that is an excess, until it is heard of again and everybody has
 * applied the next answer: less bad than an outage.
 *
 * @param capBps of the sub-licence
 * @param joinersExpected whether there are seats that nobody has taken yet; a little is kept back for who comes
 */
record ShareGrants(long capBps, boolean joinersExpected) {

    /** How many can join at the same moment and find their floor waiting. */
    private static final int JOINERS = 2;

    /** Changes of less than this part are not worth a message. */
    private static final int SLACK = 50;

    /**
     * An instance as the split sees it.
     *
     * @param stack whose instances serve the same clients
     * @param grantedBps what it was told last; null if it was never told anything
     * @param heldBps the most that it may be passing: what it confirmed, or anything that it was told since
     * @param silent it was heard of once, and not lately
     */
    record Member(
            InstanceId instance,
            StackId stack,
            @Nullable Long grantedBps,
            @Nullable Long heldBps,
            long demandBps,
            boolean hungry,
            boolean silent) {

        private boolean standsInFor(Member other) {
            return other.silent && !silent && stack.equals(other.stack);
        }
    }

    /**
     * @param members everybody who may be passing traffic, {@code self} among them
     * @return what {@code self} is told; what it was told before if nothing changes
     */
    long next(List<Member> members, Member self) {
        var counted = members.stream()
                .filter(member -> members.stream().noneMatch(other -> other.hungry() && other.standsInFor(member)))
                .toList();
        long reserve = joinersExpected ? JOINERS * FairShare.floorBps(capBps, counted.size()) : 0;
        long equal = (capBps - reserve) / counted.size();
        var targets = FairShare.split(
                capBps - reserve,
                counted.stream().map(member -> wish(member, counted, equal)).toList());
        long target = targets.getOrDefault(self.instance(), 0L);
        long left = capBps;
        for (var member : counted) {
            if (!member.instance().equals(self.instance())) {
                left -= counts(member, targets.getOrDefault(member.instance(), 0L));
            }
        }
        var granted = self.grantedBps();
        if (granted == null) {
            return Math.clamp(left, 0, target);
        }
        // Less than was told is left if one that was silent is heard of again, or the cap was lowered.
        return Math.min(next(granted, target, Math.max(0, left - reserve)), Math.max(left, equal));
    }

    /** What a silent one wanted last, its clients want of who has them now. */
    private static FairShare.Wish wish(Member member, List<Member> members, long equal) {
        if (!member.silent()) {
            return new FairShare.Wish(member.instance(), member.demandBps(), member.hungry());
        }
        boolean replaced = members.stream().anyMatch(other -> other.standsInFor(member));
        // A wish has room to grow by a quarter.
        long demand = replaced ? 0 : Math.min(member.demandBps(), equal - equal / 5);
        return new FairShare.Wish(member.instance(), demand, false);
    }

    /** The most that a member may be passing, as far as others have to leave it. */
    private static long counts(Member member, long target) {
        var held = member.heldBps();
        // Who was never told anything will be told its target with its next report.
        if (held == null) {
            return target;
        }
        return member.silent() ? Math.min(held, target) : held;
    }

    private static long next(long granted, long target, long room) {
        boolean slight = Math.abs(target - granted) <= granted / SLACK;
        if (target < granted) {
            return slight && granted <= room ? granted : target;
        }
        return slight ? granted : Math.max(granted, Math.min(target, room));
    }
}
