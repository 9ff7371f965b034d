package io.garrison.edge.meter;

import io.garrison.protocol.MeterRecord.Source;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything that was read at one moment.
 *
 * @param wall the machine's clock
 * @param monoNanos monotonic since the machine started
 * @param active the services that serve now, each with the source of its bytes
 * @param workers every HAProxy worker that is alive, old ones included, and those that ended since the last snapshot
 * @param kernel the kernel's byte counters by service, since they were made; empty if they could not be read now
 * @param doubted services of which the kernel may not have counted everything
 */
public record Snapshot(
        Instant wall,
        long monoNanos,
        Map<String, Source> active,
        List<Worker> workers,
        Map<String, Counts> kernel,
        Set<String> doubted) {

    /** One with which nothing is in doubt. */
    public Snapshot(
            Instant wall,
            long monoNanos,
            Map<String, Source> active,
            List<Worker> workers,
            Map<String, Counts> kernel) {
        this(wall, monoNanos, active, workers, kernel, Set.of());
    }

    /** Whether the service counts by this register now. */
    boolean servesWith(Register register) {
        return active.get(register.service()) == register.source();
    }

    /** Whether the service time of the register goes on until now. */
    boolean serves(Register register) {
        return servesWith(register) || countsElsewhere(register);
    }

    boolean countsElsewhere(Register register) {
        var source = active.get(register.service());
        return source != null && source != register.source();
    }

    /** An old worker may still be counting for a service that the policy has dropped. */
    boolean countsStill(Register register) {
        return !active.containsKey(register.service())
                && workers.stream().anyMatch(worker -> worker.services().containsKey(register.service()));
    }

    /**
     * One HAProxy worker.
     *
     * @param id process id and start time, so that no two workers of one boot share it
     * @param stopping whether it was replaced and takes no new connections
     * @param last the worker has ended; these are its last counters that anyone read
     * @param complete it was replaced, and nothing was counted after this reading; only together with {@code last}
     * @param connectionsNow open connections
     * @param services cumulative counters since the worker started
     */
    public record Worker(
            String id,
            boolean stopping,
            boolean last,
            boolean complete,
            long connectionsNow,
            Map<String, Counts> services) {}
}
