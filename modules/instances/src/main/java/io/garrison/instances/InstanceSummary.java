package io.garrison.instances;

import io.garrison.protocol.Report;
import io.garrison.protocol.SyncState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an instance.
 *
 * @param name its host name at enrolment, made unique within the stack
 * @param appliedRevision 0 if none was ever applied
 * @param desiredRevision 0 if the stack has none
 * @param syncState as the instance reported it, corrected by what is desired now; UNKNOWN when it is silent
 * @param haRole ACTIVE unless the instance says otherwise
 * @param agentVersion as reported; absent before the first report
 * @param lastSeen its last heartbeat; absent before the first
 * @param error why the desired revision is not applied
 * @param virtualServices as the instance last reported them
 * @param spool what waits on its disk to be sent
 * @param seatUntil when its seat is free for another unless renewed
 * @param certificateUntil end of its newest certificate
 * @param facts what the machine said of itself at enrolment
 * @param license how it stands to its lease, as it last reported
 * @param offlineLeaseUntil until when its seat stays taken by a lease that was given out as a file
 * @param throughput what it passes and may pass; absent if its agent does not say
 * @param registersUntil until when what it has counted is taken although it is out of its stack; absent if it is not
 * @param machine how busy its machine was before its last heartbeat; absent if its agent does not say
 */
public record InstanceSummary(
        InstanceId id,
        StackId stackId,
        String stackName,
        String name,
        LifecycleState lifecycleState,
        SyncState syncState,
        InstanceHealth health,
        String haRole,
        long appliedRevision,
        long desiredRevision,
        @Nullable String agentVersion,
        @Nullable String dataPlaneVersion,
        @Nullable Instant lastSeen,
        Report.@Nullable ApplyError error,
        List<Report.ServiceState> virtualServices,
        Report.@Nullable SpoolState spool,
        Instant enrolledAt,
        @Nullable Instant seatUntil,
        Instant certificateUntil,
        Map<String, String> facts,
        Report.@Nullable LicenseState license,
        @Nullable Instant offlineLeaseUntil,
        @Nullable InstanceThroughput throughput,
        @Nullable Instant registersUntil,
        Report.@Nullable MachineLoad machine) {}
