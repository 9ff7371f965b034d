package io.garrison.protocol;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an instance reports of its part in the stack.
 *
 * @param planNumber the newest {@link InstancePlan} that is in force; 0 if there never was one
 * @param planError why the newest plan is not in force, for people
 * @param address where its peers reach it; absent if nobody said
 * @param routers how it stands in each of its virtual routers
 * @param bypass why traffic passes uninspected; absent if it does not
 * @param flaps how often it left the active state within the window
 * @param activeLinkPairs with carriers on both sides; absent if none are watched
 * @param faults what is wrong now, each with a cause of its own
 * @param cluster what it sees of its peers; absent if it has no connection to any by choice
 * @param events what happened since those that management has taken
 * @param drills results of drills, until management has taken them
 */
public record Availability(
        long planNumber,
        @Nullable String planError,
        @Nullable String address,
        List<RouterState> routers,
        @Nullable String bypass,
        int flaps,
        @Nullable Integer activeLinkPairs,
        List<Fault> faults,
        @Nullable ClusterState cluster,
        List<Event> events,
        List<DrillResult> drills) {

    public Availability {
        routers = Absent.orEmpty(routers);
        faults = Absent.orEmpty(faults);
        events = Absent.orEmpty(events);
        drills = Absent.orEmpty(drills);
    }

    /** @param state MASTER, BACKUP, FAULT, STOPPED */
    public record RouterState(
            String name, String state, @Nullable Instant since) {}

    /**
     * @param code stable, such as {@code haproxy-dead}, {@code keepalived-dead}, {@code link-down}, {@code peer-lost},
     *     {@code management-unreachable}, {@code bypass-active}, {@code aux-stale}
     */
    public record Fault(String code, String message, Instant since) {}

    /**
     * @param nodeId this instance
     * @param role MAIN, WORKER, CANDIDATE
     * @param term of the last election
     * @param main who leads; absent if nobody does
     * @param healthy whether members enough for a decision are there
     * @param members by id; those declared and those seen
     * @param splits how often the members were found in two parts
     * @param auxExchangedAt the last successful exchange of shared state; absent if there is none to share
     * @param auxConvergenceP95Ms how long shared state takes to arrive; absent until it was measured
     */
    public record ClusterState(
            UUID nodeId,
            String role,
            long term,
            @Nullable UUID main,
            boolean healthy,
            List<MemberState> members,
            long splits,
            @Nullable Instant auxExchangedAt,
            @Nullable Double auxConvergenceP95Ms) {
        public ClusterState {
            members = Absent.orEmpty(members);
        }
    }

    /**
     * @param role MAIN, WORKER, CANDIDATE, UNKNOWN
     * @param status healthy, suspect, lost
     * @param revision that it serves; 0 if it did not say
     * @param lastSeen absent if never
     */
    public record MemberState(
            UUID nodeId,
            @Nullable String name,
            @Nullable String address,
            String role,
            String status,
            long revision,
            @Nullable Instant lastSeen) {}

    /**
     * @param sequence grows by one with each event of one boot
     * @param code stable, dotted: {@code ha.role-changed}, {@code ha.bypass-entered}, {@code cluster.split} …
     * @param severity INFO, WARNING, ALARM
     */
    public record Event(UUID bootId, long sequence, Instant at, String code, String severity, String message) {}

    /**
     * @param role YIELDED or PROBED
     * @param longestGapMs between two probes that were answered; absent from whoever did not probe
     * @param sessionsKept of those that the one that yielded had, how many lead to the same pool members at the one that
     *     probed; no instance tells it, management puts it into the result of the latter, see {@link SessionMarks}
     * @param sessionsTotal entries of persistence by client address of the router's services: as it gave the addresses up,
     *     or when it had taken them over; absent without such a service, and if it did not take them over
     * @param sessionMarks of these, what makes them comparable; management keeps them until it has those of both
     */
    public record DrillResult(
            UUID drillId,
            String role,
            Instant startedAt,
            @Nullable Long takeoverMs,
            @Nullable Long longestGapMs,
            @Nullable Integer probes,
            @Nullable Integer failedProbes,
            @Nullable Integer sessionsKept,
            @Nullable Integer sessionsTotal,
            @Nullable String problem,
            @Nullable List<Long> sessionMarks) {

        public DrillResult {
            sessionMarks = sessionMarks == null ? null : List.copyOf(sessionMarks);
        }

        /** Of whoever has nothing to compare. */
        public DrillResult(
                UUID drillId,
                String role,
                Instant startedAt,
                @Nullable Long takeoverMs,
                @Nullable Long longestGapMs,
                @Nullable Integer probes,
                @Nullable Integer failedProbes,
                @Nullable Integer sessionsKept,
                @Nullable Integer sessionsTotal,
                @Nullable String problem) {
            this(
                    drillId,
                    role,
                    startedAt,
                    takeoverMs,
                    longestGapMs,
                    probes,
                    failedProbes,
                    sessionsKept,
                    sessionsTotal,
                    problem,
                    null);
        }
    }
}
