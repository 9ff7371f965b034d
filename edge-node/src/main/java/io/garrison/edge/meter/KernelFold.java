package io.garrison.edge.meter;

import io.garrison.protocol.MeterRecord.Source;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Turns the kernel's counters into increments per service. A counter outlives its service; should the service come back,
 * it goes on where the counter was.
 *
 * <p>The kernel counts on while HAProxy is asked for the bytes of a service. What it counts then is billed already, so
 * the first reading after that is where its share begins.
 */
final class KernelFold {

    private final Map<String, Counts> counters;
    private final Set<String> proxied;
    private final Set<String> settled;
    private Set<String> unread = Set.of();

    /**
     * @param increments by service
     * @param restarted services of which a counter went backwards
     * @param proxied services whose bytes were HAProxy's until this reading
     * @param resumed those of them that are the kernel's from now on
     * @param settled services whose bytes are billed until now
     * @param late services of which the counter could not be read the last time
     */
    record Fold(
            Map<String, Counts> increments,
            Set<String> restarted,
            Set<String> proxied,
            Set<String> resumed,
            Set<String> settled,
            Set<String> late) {

        /** @param otherwise of a service that does not serve */
        Source sourceOf(String service, Snapshot snapshot, Source otherwise) {
            if (proxied.contains(service)) {
                return Source.PROXY;
            }
            return snapshot.active().getOrDefault(service, settled.contains(service) ? Source.KERNEL : otherwise);
        }
    }

    /**
     * @param proxied services of which the counters hold bytes that HAProxy has counted
     * @param settled services whose bytes are billed until they serve here
     */
    KernelFold(Map<String, Counts> counters, Set<String> proxied, Set<String> settled) {
        this.settled = new HashSet<>(settled);
        this.counters = new HashMap<>(counters);
        this.proxied = new HashSet<>(proxied);
    }

    /** @param baseline whether what was counted so far was billed before */
    Fold fold(Snapshot snapshot, boolean baseline) {
        var fold = new Fold(
                new HashMap<>(),
                new HashSet<>(),
                Set.copyOf(proxied),
                new HashSet<>(),
                Set.copyOf(settled),
                new HashSet<>());
        settled.removeAll(snapshot.active().keySet());
        snapshot.kernel().forEach((service, now) -> {
            boolean resumes = proxied.remove(service);
            var before = resumes ? now : counters.getOrDefault(service, baseline ? now : Counts.ZERO);
            if (resumes) {
                fold.resumed().add(service);
            }
            if (!now.follows(before)) {
                fold.restarted().add(service);
                before = Counts.ZERO;
            }
            var more = now.minus(before);
            if (unread.contains(service) && !more.equals(Counts.ZERO)) {
                fold.late().add(service);
            }
            fold.increments().put(service, more);
            counters.put(service, now);
        });
        snapshot.active().forEach((service, source) -> {
            if (source == Source.PROXY) {
                proxied.add(service);
            }
        });
        unread = snapshot.active().entrySet().stream()
                .filter(entry -> entry.getValue() == Source.KERNEL)
                .map(Map.Entry::getKey)
                .filter(service -> !snapshot.kernel().containsKey(service))
                .collect(Collectors.toSet());
        return fold;
    }

    Map<String, Counts> counters() {
        return Map.copyOf(counters);
    }

    Set<String> services() {
        return Set.copyOf(counters.keySet());
    }

    /** Whatever counts for the service begins at zero if it comes back. */
    void forget(String service) {
        counters.remove(service);
        proxied.remove(service);
    }

    /** Services whose bytes are the kernel's, and of which it said nothing the last time. */
    Set<String> unread() {
        return unread;
    }

    Set<String> settled() {
        return Set.copyOf(settled);
    }

    Set<String> proxied() {
        return Set.copyOf(proxied);
    }
}
