package io.garrison.protocol;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /edge/v1/report}: the heartbeat of an instance.
 *
 * @param sequence grows by one with each report of one run of the agent
 * @param appliedRevision 0 if none was ever applied
 * @param appliedSha256 digest of the applied policy as in {@link PolicyBundle#policySha256()}
 * @param error why the desired revision is not applied; text for people, never the data plane's raw output
 * @param dataPlaneRunning whether HAProxy answers on its socket
 * @param draining whether new clients are turned away on request
 * @param haRole ACTIVE unless high availability says otherwise
 * @param flushed the newest flush request that this report follows, with the registers written for it
 * @param license how the instance stands to its lease
 */
public record Report(
        UUID bootId,
        long sequence,
        Instant at,
        long appliedRevision,
        @Nullable UUID appliedIncarnation,
        @Nullable String appliedSha256,
        SyncState syncState,
        @Nullable ApplyError error,
        boolean dataPlaneRunning,
        boolean draining,
        String haRole,
        String agentVersion,
        @Nullable String dataPlaneVersion,
        List<ServiceState> virtualServices,
        SpoolState spool,
        @Nullable Flushed flushed,
        @Nullable LicenseState license) {

    public Report {
        virtualServices = Absent.orEmpty(virtualServices);
    }

    /** @param revision the revision that was refused */
    public record ApplyError(long revision, String code, String message) {}

    /**
     * @param address where the service listens on this instance
     * @param state {@code UP}, {@code DEGRADED} (some members down), {@code DOWN}, {@code DISABLED}
     */
    public record ServiceState(String name, String address, int port, String state, int membersUp, int membersTotal) {}

    /** What waits on the edge's disk for an acknowledgement. */
    public record SpoolState(long records, long bytes, long oldestSeconds, long dropped) {}

    /**
     * @param state {@code ACTIVE}, {@code GRACE} (the lease ran out; new revisions are still taken), {@code FROZEN} (they
     *     are not), {@code RETURNED}, {@code MISSING}, {@code NONE} (never had one)
     * @param leaseId the lease that is held, in force or not
     */
    public record LicenseState(
            String state, @Nullable UUID leaseId, @Nullable Instant leaseUntil) {}

    /** Registers up to these sequence numbers hold everything that was counted when the flush request arrived. */
    public record Flushed(UUID flushId, List<MeterAck> registers) {
        public Flushed {
            registers = Absent.orEmpty(registers);
        }
    }
}
