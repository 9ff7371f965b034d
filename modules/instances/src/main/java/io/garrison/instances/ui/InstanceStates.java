package io.garrison.instances.ui;

import io.garrison.instances.InstanceHealth;
import io.garrison.instances.InstanceSummary;
import io.garrison.instances.LifecycleState;
import io.garrison.protocol.SyncState;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;

/** What the states of an instance mean to the reader. */
final class InstanceStates {

    private InstanceStates() {}

    static StateBadge badge(LifecycleState state) {
        return new StateBadge(signal(state), StateBadge.words(state)).because(explain(state));
    }

    static StateBadge badge(SyncState state) {
        return new StateBadge(signal(state), StateBadge.words(state)).because(explain(state));
    }

    static StateBadge badge(InstanceHealth health) {
        return new StateBadge(signal(health), StateBadge.words(health)).because(explain(health));
    }

    static Signal signal(LifecycleState state) {
        return switch (state) {
            case ONLINE -> Signal.GOOD;
            case PENDING, ENROLLED, SYNCING -> Signal.UNKNOWN;
            case SUSPECT -> Signal.WARNING;
            case LOST, QUARANTINED -> Signal.BAD;
            case MAINTENANCE, RETIRED -> Signal.SPECIAL;
        };
    }

    static Signal signal(SyncState state) {
        return switch (state) {
            case IN_SYNC -> Signal.GOOD;
            case MODIFIED, APPLYING, OUT_OF_SYNC -> Signal.WARNING;
            case FAILED -> Signal.BAD;
            case NEVER_APPLIED, UNKNOWN -> Signal.UNKNOWN;
        };
    }

    static Signal signal(InstanceHealth health) {
        return switch (health) {
            case UP -> Signal.GOOD;
            case DEGRADED -> Signal.WARNING;
            case DOWN -> Signal.BAD;
            case UNKNOWN -> Signal.UNKNOWN;
        };
    }

    static String explain(LifecycleState state) {
        return switch (state) {
            case PENDING -> "It has its certificate and has not dialled in yet.";
            case ENROLLED -> "It has dialled in.";
            case SYNCING -> "It is bringing its first revision into service.";
            case ONLINE -> "Its heartbeats arrive.";
            case MAINTENANCE -> "Drained on request: it turns new clients away.";
            case SUSPECT -> "Its heartbeat is late.";
            case LOST -> "Its heartbeat is missing. Traffic may flow all the same.";
            case QUARANTINED -> "Its certificates are revoked. It keeps its traffic and learns nothing new.";
            case RETIRED -> "Decommissioned.";
        };
    }

    static String explain(SyncState state) {
        return switch (state) {
            case NEVER_APPLIED -> "It has never applied a revision.";
            case IN_SYNC -> "It runs what is desired.";
            case MODIFIED -> "A newer revision is published than the one it runs.";
            case APPLYING -> "It is bringing the newer revision into service.";
            case FAILED -> "It refused the desired revision. The last good one serves.";
            case OUT_OF_SYNC -> "Its configuration was changed on the machine itself.";
            case UNKNOWN -> "It is silent, so nobody knows.";
        };
    }

    static String explain(InstanceHealth health) {
        return switch (health) {
            case UP -> "The data plane runs and has a server for every pool member.";
            case DEGRADED -> "Some virtual service lacks some or all of its servers.";
            case DOWN -> "The data plane does not run.";
            case UNKNOWN -> "No recent report.";
        };
    }

    /** What to do about it; empty where nothing is wrong. */
    static String advice(InstanceSummary instance) {
        if (instance.error() != null) {
            return "Correct the policy and publish again, or roll back to a revision that worked.";
        }
        return switch (instance.lifecycleState()) {
            case LOST, SUSPECT ->
                "Check that the machine runs and reaches the edge gateway; “garrison edge status” on it tells more.";
            case PENDING -> "Start it on the machine with “garrison edge run”.";
            case QUARANTINED -> "To bring the machine back, enrol it again with a new token.";
            case ENROLLED, SYNCING, ONLINE, MAINTENANCE, RETIRED ->
                switch (instance.syncState()) {
                    case OUT_OF_SYNC -> "Publish the policy again to overwrite the local change.";
                    case NEVER_APPLIED -> "Publish a first revision of the stack's policy.";
                    case IN_SYNC, MODIFIED, APPLYING, FAILED, UNKNOWN -> "";
                };
        };
    }

    /** {@code 12}, or {@code 11 → 12} while it is behind. */
    static String revision(InstanceSummary instance) {
        var applied = instance.appliedRevision() == 0 ? "none" : Long.toString(instance.appliedRevision());
        return instance.appliedRevision() == instance.desiredRevision()
                ? applied
                : applied + " → " + instance.desiredRevision();
    }
}
