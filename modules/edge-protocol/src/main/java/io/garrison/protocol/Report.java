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
 * @param throughput what passes and what limits it; absent from agents that do not limit
 * @param availability its part in the stack; absent from agents that know of none
 * @param examination the one that management wanted last; absent if there is none, or it has not come to its end
 * @param machine how busy it was since the report before; absent from agents that do not look, and from the first report
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
        @Nullable LicenseState license,
        @Nullable Throughput throughput,
        @Nullable Availability availability,
        @Nullable Examination examination,
        @Nullable MachineLoad machine) {

    public Report {
        virtualServices = Absent.orEmpty(virtualServices);
    }

    /** Of an agent that is not examined. */
    public Report(
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
            @Nullable LicenseState license,
            @Nullable Throughput throughput,
            @Nullable Availability availability) {
        this(
                bootId,
                sequence,
                at,
                appliedRevision,
                appliedIncarnation,
                appliedSha256,
                syncState,
                error,
                dataPlaneRunning,
                draining,
                haRole,
                agentVersion,
                dataPlaneVersion,
                virtualServices,
                spool,
                flushed,
                license,
                throughput,
                availability,
                null,
                null);
    }

    /** Of an agent that neither limits throughput nor knows of peers. */
    public Report(
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
        this(
                bootId,
                sequence,
                at,
                appliedRevision,
                appliedIncarnation,
                appliedSha256,
                syncState,
                error,
                dataPlaneRunning,
                draining,
                haRole,
                agentVersion,
                dataPlaneVersion,
                virtualServices,
                spool,
                flushed,
                license,
                null,
                null);
    }

    /**
     * The machine that the instance shares with whatever else runs there (DI-05).
     *
     * @param cpuPercent of all its processors together, 0–100
     * @param memoryUsedBytes what could not be had without pushing something out
     * @param memoryBytes all there is
     * @param receivedBps by its network devices, whatever for, bit/s
     * @param sentBps the same the other way
     */
    public record MachineLoad(
            double cpuPercent, long memoryUsedBytes, long memoryBytes, long receivedBps, long sentBps) {}

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

    /**
     * Traffic of clients, each direction by itself, and what limits it.
     *
     * @param shareNumber the newest {@link ThroughputShare} that is in force: nothing older is; 0 if there never was one
     * @param shareBps its rate; null if it does not limit
     * @param enforcement {@code TC} (the kernel holds all virtual services to the share) or {@code NONE}
     * @param reason why {@code NONE}, for people; absent if nothing is to be limited
     * @param measuredMs how long this run of the agent has measured
     * @param bytesIn from clients in that time
     * @param bytesOut to clients in that time
     * @param peakInBps the highest second from clients since the last report that was answered, bit/s
     * @param peakOutBps the same to clients
     */
    public record Throughput(
            long shareNumber,
            @Nullable Long shareBps,
            String enforcement,
            @Nullable String reason,
            long measuredMs,
            long bytesIn,
            long bytesOut,
            long peakInBps,
            long peakOutBps) {}

    /** Registers up to these sequence numbers hold everything that was counted when the flush request arrived. */
    public record Flushed(UUID flushId, List<MeterAck> registers) {
        public Flushed {
            registers = Absent.orEmpty(registers);
        }
    }
}
