package io.garrison.protocol;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What management has to say to a heartbeat.
 *
 * @param serverTime a time beacon
 * @param acks registers that PostgreSQL has committed; only now may the edge forget them
 * @param flush write all registers at once, send them, and name them in the next report
 * @param drain whether the instance shall turn new clients away
 * @param trustAnchors PEM of the authorities in force, when they differ from those of the enrolment
 * @param lease a new signed lease, when one was made; see {@link LeaseSigning}
 * @param share what the instance may pass from now on; absent from a management that splits no throughput, and then
 *     what was told before stays
 * @param plan the instance's {@link InstancePlan}, if its number is not the reported one; see {@link PlanSigning}
 * @param eventsTaken the highest sequence of the events of the report that is kept now; 0 if it had none
 * @param drill a rehearsal to take part in, until its result arrives
 * @param drillsTaken the rehearsals whose results in the report need not be told again; absent if nothing of what the
 *     report says of the stack could be kept, and from a management that does not say
 * @param examine an {@link Examination} to make, until its result arrives
 */
public record ReportAnswer(
        Instant serverTime,
        List<MeterAck> acks,
        @Nullable UUID flush,
        boolean drain,
        @Nullable String trustAnchors,
        @Nullable String lease,
        @Nullable ThroughputShare share,
        @Nullable SignedBundle plan,
        @Nullable Long eventsTaken,
        @Nullable Drill drill,
        @Nullable List<UUID> drillsTaken,
        @Nullable UUID examine) {

    public ReportAnswer {
        acks = Absent.orEmpty(acks);
    }

    /** Of a management that neither splits throughput nor plans. */
    public ReportAnswer(
            Instant serverTime,
            List<MeterAck> acks,
            @Nullable UUID flush,
            boolean drain,
            @Nullable String trustAnchors,
            @Nullable String lease) {
        this(serverTime, acks, flush, drain, trustAnchors, lease, null, null, null, null, null, null);
    }
}
