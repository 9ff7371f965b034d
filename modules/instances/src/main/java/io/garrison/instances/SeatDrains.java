package io.garrison.instances;

import io.garrison.licensing.SeatHolders;
import io.garrison.tenancy.AuditTrail;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Drains instances whose seats are taken away. They go on serving what they have; where it goes is the drain's matter. */
@Component
class SeatDrains implements SeatHolders {

    private static final int MOST_NAMED = 50;

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
        // All are locked before the first is written to the audit trail, which everybody locks last.
        var locked = holders.stream()
                .sorted()
                .map(InstanceId::new)
                .flatMap(id -> instances.lock(id).stream())
                .toList();
        locked.stream()
                .filter(row -> row.lifecycle().mayDialIn() && !row.drain())
                .forEach(this::drain);
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public Map<UUID, String> names(Collection<UUID> holders) {
        return holders.stream()
                .limit(MOST_NAMED)
                .map(InstanceId::new)
                .flatMap(id -> instances.summary(id).stream())
                .collect(Collectors.toMap(row -> row.id().value(), InstanceSummary::name));
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
