package io.garrison.edge.agent;

import io.garrison.edge.haproxy.DataPlaneState;
import io.garrison.edge.join.Identity;
import io.garrison.edge.license.LicenseStatus;
import io.garrison.edge.shaping.Shaper;
import io.garrison.edge.sync.SyncStatus;
import io.garrison.protocol.Report;
import io.garrison.protocol.SyncState;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What {@code status --json} prints. The field names are relied upon by outside programs. */
public record StatusDocument(
        UUID instanceId,
        UUID tenant,
        UUID stack,
        long desiredRevision,
        long appliedRevision,
        SyncState syncState,
        String haRole,
        List<Service> virtualServices,
        Spool spool,
        @Nullable LicenseStatus license,
        @Nullable Limit throughput,
        @Nullable Aux aux) {

    /** @param state UP, DEGRADED, DOWN, DISABLED; UNKNOWN while no agent runs */
    public record Service(String name, String address, int port, String state) {}

    public record Spool(long records, long bytes, long oldestSeconds) {}

    /**
     * @param shareBps what may pass in each direction, bit/s; absent if it is not limited
     * @param limiting whether the kernel holds all services to it
     * @param reason why it does not
     */
    public record Limit(
            @Nullable Long shareBps,
            boolean limiting,
            @Nullable String reason) {}

    /**
     * @param members other instances to share tables with
     * @param connected of these, those to which a connection stands
     * @param exchangedAt when shared state arrived last
     * @param convergenceP95Ms how long it takes
     * @param blocks ranges of clients that are blocked
     * @param problems why tables are not shared as they should be, for people
     * @param damaged what is wrong with the file of blocks, for people
     */
    public record Aux(
            int members,
            int connected,
            @Nullable Instant exchangedAt,
            @Nullable Double convergenceP95Ms,
            int blocks,
            List<String> problems,
            List<String> damaged) {

        public Aux {
            // An agent of an older version has none.
            damaged = damaged == null ? List.of() : List.copyOf(damaged);
        }
    }

    static StatusDocument of(
            Identity identity,
            SyncStatus sync,
            String haRole,
            DataPlaneState dataPlane,
            Report.SpoolState spool,
            LicenseStatus license,
            Shaper.State limit,
            @Nullable Aux aux) {
        return new StatusDocument(
                identity.instanceId(),
                identity.tenantId(),
                identity.stackId(),
                sync.desiredRevision(),
                sync.applied().revision(),
                sync.state(),
                haRole,
                dataPlane.virtualServices().stream()
                        .map(service -> new Service(service.name(), service.address(), service.port(), service.state()))
                        .toList(),
                new Spool(spool.records(), spool.bytes(), spool.oldestSeconds()),
                license,
                new Limit(limit.inForce().bps(), limit.limiting(), limit.reason()),
                aux);
    }

    /** Before an agent has ever run. */
    public static StatusDocument initial(Identity identity) {
        return new StatusDocument(
                identity.instanceId(),
                identity.tenantId(),
                identity.stackId(),
                0,
                0,
                SyncState.NEVER_APPLIED,
                "ACTIVE",
                List.of(),
                new Spool(0, 0, 0),
                null,
                null,
                null);
    }

    /** What of it holds while no agent runs. */
    public StatusDocument stopped() {
        return new StatusDocument(
                instanceId,
                tenant,
                stack,
                desiredRevision,
                appliedRevision,
                syncState,
                haRole,
                virtualServices.stream()
                        .map(service -> new Service(service.name(), service.address(), service.port(), "UNKNOWN"))
                        .toList(),
                spool,
                license,
                throughput,
                aux);
    }
}
