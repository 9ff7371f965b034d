package io.garrison.instances;

import io.garrison.licensing.SeatHolders;
import io.garrison.tenancy.AuditTrail;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Drains instances whose seats are taken away. They go on serving what they have; where it goes is the drain's matter. */
@Component
class SeatDrains implements SeatHolders {

    private final Instances instances;
    private final AuditTrail audit;
    private final Clock clock;

    SeatDrains(Instances instances, AuditTrail audit, Clock clock) {
        this.instances = instances;
        this.audit = audit;
        this.clock = clock;
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public void drain(Collection<UUID> holders) {
        holders.stream()
                .sorted()
                .map(InstanceId::new)
                .forEach(id -> instances
                        .lock(id)
                        .filter(row -> row.lifecycle().mayDialIn() && !row.drain())
                        .ifPresent(this::drain));
    }

    private void drain(Instances.Row row) {
        instances.enter(row.id(), row.lifecycle(), true, clock.instant());
        audit.record(
                "instance.drained",
                "instance",
                row.id().toString(),
                Map.of(
                        "name", row.name(),
                        "stackId", row.stack().toString(),
                        "before", row.lifecycle().name(),
                        "cause", "its seat was taken away"));
    }
}
