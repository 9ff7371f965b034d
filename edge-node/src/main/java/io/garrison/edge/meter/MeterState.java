package io.garrison.edge.meter;

import io.garrison.protocol.MeterRecord;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * What a meter needs to go on as if it had never stopped: registers and the readings that they stand for, always written
 * together.
 *
 * @param bootId of the kernel; another one means that every counter started again
 * @param lowestEpoch epochs up to this one may have been used by streams that are not known; 0 in a state of a former version
 * @param retired last epochs of streams that are gone, the newest last; absent as below
 * @param departed workers that went last, in that order; absent from a state of a former version
 * @param proxied services of which the kernel's counters hold bytes that HAProxy has counted; absent as above
 * @param settled services whose bytes another instance has billed until they serve here; absent as above
 * @param unwritten records that may not have reached the log yet
 */
record MeterState(
        String bootId,
        long atMillis,
        long monoNanos,
        List<Register.Saved> registers,
        long lowestEpoch,
        Map<UUID, Long> retired,
        Map<String, WorkerFold.Seen> workers,
        Map<String, WorkerFold.Seen> departed,
        Map<String, Counts> kernel,
        Set<String> proxied,
        Set<String> settled,
        List<MeterRecord> unwritten) {

    MeterState {
        retired = Objects.requireNonNullElse(retired, Map.of());
        settled = Objects.requireNonNullElse(settled, Set.of());
        proxied = Objects.requireNonNullElse(proxied, Set.of());
        departed = Objects.requireNonNullElse(departed, Map.of());
    }
    /** Of an instance that takes over what this one has served. */
    static MeterState inherited(
            String bootId, BucketClock clock, WorkerFold workers, KernelFold kernel, boolean settled) {
        return new MeterState(
                bootId,
                clock.at().toEpochMilli(),
                clock.monoNanos(),
                List.of(),
                0,
                Map.of(),
                workers.seen(),
                workers.departed(),
                Map.of(),
                kernel.proxied(),
                settled ? kernel.services() : Set.of(),
                List.of());
    }
}
