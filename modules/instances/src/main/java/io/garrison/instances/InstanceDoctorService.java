package io.garrison.instances;

import io.garrison.tenancy.Actor;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
class InstanceDoctorService implements InstanceDoctor {

    private final Instances instances;
    private final ExaminationRows rows;
    private final AuditTrail audit;
    private final Clock clock;

    InstanceDoctorService(Instances instances, ExaminationRows rows, AuditTrail audit, Clock clock) {
        this.instances = instances;
        this.rows = rows;
        this.audit = audit;
        this.clock = clock;
    }

    @Override
    @Requires(Permission.INSTANCE_OPERATE)
    public Examined examine(InstanceId id) {
        var row = instances.lock(id).orElseThrow(InstanceException.NotFound::new);
        if (!row.lifecycle().mayDialIn()) {
            throw new InstanceException.IllegalTransition(
                    row.lifecycle(), "Management can't ask it. Run garrison-edge doctor on the machine.");
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        if (rows.open(id, now).isEmpty()) {
            rows.ask(row, UUID.randomUUID(), now, Actor.current().name());
            audit.record(
                    "instance.examination-asked",
                    "instance",
                    id.toString(),
                    Map.of("name", row.name(), "stackId", row.stack().toString()));
        }
        return rows.latest(id, now);
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public Examined latest(InstanceId id) {
        var instance = instances.summary(id).orElseThrow(InstanceException.NotFound::new);
        return rows.latest(instance.id(), clock.instant());
    }
}
