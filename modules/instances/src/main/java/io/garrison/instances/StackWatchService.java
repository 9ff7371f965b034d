package io.garrison.instances;

import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional(readOnly = true)
class StackWatchService implements StackWatch {

    /** More instances than any stack has that decides anything together. */
    private static final int MOST = 500;

    private final HighAvailability settings;
    private final Stacks stacks;
    private final Instances instances;
    private final AvailabilityRows rows;
    private final InstanceEvents events;

    StackWatchService(
            HighAvailability settings,
            Stacks stacks,
            Instances instances,
            AvailabilityRows rows,
            InstanceEvents events) {
        this.settings = settings;
        this.stacks = stacks;
        this.instances = instances;
        this.rows = rows;
        this.events = events;
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    public ClusterStatus cluster(StackId stack) {
        var ha = settings.ofStack(stack);
        var members = instances.summaries(stack, null, MOST).stream()
                .filter(instance -> instance.lifecycleState().mayDialIn())
                .toList();
        return new ClusterStatusMaker(ha, members, rows.told(stack)).make();
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    public List<InstanceEvent> events(StackId stack, @Nullable EventCursor after, int limit) {
        return events.ofStack(stacks.require(stack).id(), after, limit);
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    public List<InstanceEvent> events(InstanceId instance, @Nullable EventCursor after, int limit) {
        var found = instances.summary(instance).orElseThrow(InstanceException.NotFound::new);
        return events.ofInstance(found.id(), after, limit);
    }
}
