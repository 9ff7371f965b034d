package io.garrison.tenancy;

import java.time.Instant;
import java.util.Optional;

/** How late the audit trail says that it is. */
public interface AuditHorizon {

    /** When the newest entry of any tenant or of the provider was written. Called with no tenant bound. */
    Optional<Instant> newest();
}
