package io.garrison.licensing;

import io.garrison.tenancy.AuditHorizon;
import java.time.Instant;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The newest entry of the audit trail. */
@Component
class AuditEvidence implements TimeEvidence {

    private final AuditHorizon audit;

    AuditEvidence(AuditHorizon audit) {
        this.audit = audit;
    }

    @Override
    public Optional<Instant> newest() {
        return audit.newest();
    }
}
