package io.garrison.reporting.usage;

import io.garrison.instances.InstanceDirectory;
import io.garrison.instances.InstanceId;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Instances that were decommissioned here. Of those of customers' own installations nothing is known. */
@Component
class RetiredInstances implements UsageLedger.Departures {

    private final InstanceDirectory directory;

    RetiredInstances(InstanceDirectory directory) {
        this.directory = directory;
    }

    @Override
    public Map<UUID, Instant> of(Collection<UUID> instances) {
        var left = new HashMap<UUID, Instant>();
        directory
                .retired(instances.stream().map(InstanceId::new).toList())
                .forEach((instance, at) -> left.put(instance.value(), at));
        return left;
    }
}
