package io.garrison.instances;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what one instance may pass next, so that what all of them may be passing never adds up to more than the cap:
 * who is to pass less is told at once, and what that sets free is given to another only when it was confirmed.
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
     * @param grantedBps what it was told last; null if it was never told anything
     * @param heldBps the most that it may be passing: what it confirmed, or anything that it was told since
     */
    record Member(
            InstanceId instance,
            @Nullable Long grantedBps,
            @Nullable Long heldBps,
            long demandBps,
            boolean hungry) {

        FairShare.Wish wish() {
            return new FairShare.Wish(instance, demandBps, hungry);
        }
    }

    /**
     * @param members everybody who may be passing traffic, {@code self} among them
     * @return what {@code self} is told; what it was told before if nothing changes
     */
    long next(List<Member> members, Member self) {
        long reserve = joinersExpected ? JOINERS * FairShare.floorBps(capBps, members.size()) : 0;
        var targets = FairShare.split(
                capBps - reserve, members.stream().map(Member::wish).toList());
        long target = targets.getOrDefault(self.instance(), 0L);
        long others = 0;
        for (var member : members) {
            if (!member.instance().equals(self.instance())) {
                var held = member.heldBps();
                // Who was never told anything will be told its target with its next report.
                others += held == null ? targets.getOrDefault(member.instance(), 0L) : held;
            }
        }
        var granted = self.grantedBps();
        if (granted == null) {
            return Math.clamp(capBps - others, 0, target);
        }
        long room = Math.max(0, capBps - reserve - others);
        boolean slight = Math.abs(target - granted) <= granted / SLACK;
        if (target < granted) {
            return slight && granted <= room ? granted : target;
        }
        return slight ? granted : Math.max(granted, Math.min(target, room));
    }
}
