package io.garrison.instances;

import io.garrison.protocol.Policy;
import org.springframework.stereotype.Component;

/** What high availability of a stack is made of, as it is stored. */
@Component
record HaStored(
        Stacks stacks,
        Instances instances,
        HaStore settings,
        AvailabilityRows rows,
        LeftOutRouters leftOut,
        Revisions revisions) {

    /** Of the newest revision; empty if there is none. */
    Policy served(Stacks.Row stack) {
        return revisions.policy(stack.id(), stack.latestRevision());
    }
}
