package io.garrison.instances;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the bound tenant's stacks stand, by what their instances report. */
public interface StackWatch {

    /** @throws InstanceException.NotFound if the bound tenant has no such stack */
    ClusterStatus cluster(StackId stack);

    /**
     * What happened on the stack's instances, the newest first.
     *
     * @param after position of the last one seen; null to begin
     * @param limit at most 501
     * @throws InstanceException.NotFound if the bound tenant has no such stack
     */
    List<InstanceEvent> events(StackId stack, @Nullable EventCursor after, int limit);

    /** The same of one instance, retired or not. */
    List<InstanceEvent> events(InstanceId instance, @Nullable EventCursor after, int limit);
}
