package io.garrison.instances;

import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.MeterAck;
import io.garrison.protocol.Telemetry;
import java.util.List;

/**
 * Where the edge gateway hands telemetry on. Declared here and implemented by the module that gathers it, so that the
 * gateway does not depend on that module. Called with the edge's tenant bound and outside of any transaction.
 */
public interface TelemetryIntake {

    /**
     * Returns once the batch is safe in Kafka, stamped with the identity of the certificate.
     *
     * @throws IntakeUnavailable if it is not safe; the edge keeps the batch and tries again
     * @throws io.garrison.tenancy.Refusal if a record names a stream that is not the edge's own, or breaks a limit
     */
    void accept(EdgeIdentity from, SubLicenseId subLicense, Telemetry batch);

    /** The registers of this edge that PostgreSQL has committed without a gap: the newest epochs of each stream. */
    List<MeterAck> committed(EdgeIdentity from);

    /** Kafka does not take the batch now. */
    final class IntakeUnavailable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public IntakeUnavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
