package io.garrison.licensing;

import io.garrison.protocol.SeenTime;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import java.time.Clock;
import java.util.Map;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Works with no tenant bound: the clock is the installation's. */
@Service
class ClockService implements ClockAdministration {

    private final Installation installation;
    private final Clock clock;
    private final AuditTrail audit;

    ClockService(Installation installation, Clock clock, AuditTrail audit) {
        this.installation = installation;
        this.clock = clock;
        this.audit = audit;
    }

    @Override
    @Transactional(readOnly = true)
    @Requires(Permission.LICENSE_VIEW)
    public ClockSummary get() {
        return summary();
    }

    @Override
    @Transactional
    @Requires(Permission.LICENSE_MANAGE)
    public ClockSummary confirm() {
        var before = installation.look();
        if (before.jump() != null) {
            installation.confirm();
            audit.record(
                    "clock.confirmed",
                    "installation",
                    installation.id().toString(),
                    Map.of(
                            "before",
                            before.mark().toString(),
                            "after",
                            clock.instant().toString()));
        }
        return summary();
    }

    private ClockSummary summary() {
        var time = installation.look();
        var now = clock.instant();
        var jump = time.jump();
        return new ClockSummary(
                now,
                time.mark(),
                time.state(now),
                jump == null ? null : jump.ahead(),
                jump == null ? null : jump.since().plus(SeenTime.PATIENCE));
    }
}
