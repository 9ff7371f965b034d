package io.garrison.edge.ha;

import java.util.ArrayList;
import java.util.List;

/** Work that waits until a peer has the addresses, or until it has become clear that none takes them. */
final class HandOvers {

    /** However long the detection takes, nobody waits longer, ms. */
    private static final long LONGEST_MS = 15_000;

    private final Roles roles;
    private final List<Waiting> waiting = new ArrayList<>();

    /** @param then is told whether a peer has them */
    private record Waiting(long deadline, Outcome then) {}

    interface Outcome {
        void ended(boolean handedOver);
    }

    HandOvers(Roles roles) {
        this.roles = roles;
    }

    /** @param patience ms; nothing is waited for without a peer */
    void await(long now, long patience, Outcome then) {
        waiting.add(new Waiting(now + Math.min(patience, LONGEST_MS), then));
        settle(now);
    }

    /** To be called after each change of a role and every now and then. */
    void settle(long now) {
        boolean gone = !roles.isMasterOfAny();
        for (var one : List.copyOf(waiting)) {
            if (gone || now >= one.deadline()) {
                waiting.remove(one);
                one.then().ended(gone);
            }
        }
    }
}
