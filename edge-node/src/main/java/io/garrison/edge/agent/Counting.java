package io.garrison.edge.agent;

import io.garrison.edge.haproxy.DataPlane;
import io.garrison.edge.haproxy.ListenAddresses;
import io.garrison.edge.haproxy.WorkerCounters;
import io.garrison.edge.meter.ByteCounters;
import io.garrison.edge.meter.ByteCounters.Endpoint;
import io.garrison.edge.meter.FollowedEndpoints;
import io.garrison.edge.meter.Meter;
import io.garrison.edge.meter.Snapshot;
import io.garrison.edge.meter.WorkerReadings;
import io.garrison.edge.shaping.Rates;
import io.garrison.edge.telemetry.Sampler;
import io.garrison.edge.telemetry.Spool;
import io.garrison.protocol.MeterAck;
import io.garrison.protocol.MeterRecord.Source;
import io.garrison.protocol.Policy;
import io.garrison.protocol.PolicyBundle;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One reading per second, for the meter and for the samples. Belongs to one thread. */
final class Counting {

    private static final Logger log = LoggerFactory.getLogger(Counting.class);

    /** How often it is looked for services that are gone. */
    private static final long RETIRE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Parts parts;
    private final WorkerReadings readings = new WorkerReadings();
    private final Sampler sampler;
    private final FollowedEndpoints followed;
    private boolean failing;
    private boolean held;
    private long retiredNanos = System.nanoTime();

    /** @param sample length of a sample */
    record Parts(
            DataPlane dataPlane,
            Supplier<Optional<PolicyBundle>> serving,
            ListenAddresses addresses,
            Meter meter,
            Rates rates,
            ByteCounters kernel,
            Spool spool,
            Duration sample,
            Clock clock) {}

    Counting(Parts parts) {
        this.parts = parts;
        this.followed = new FollowedEndpoints(parts.kernel());
        this.sampler = new Sampler(UUID::randomUUID, parts.sample().toNanos());
    }

    /** Reads once. Whatever fails now is made good by a later reading. */
    void tick() {
        try {
            var taken = take();
            parts.meter().read(taken.snapshot());
            parts.rates().read(parts.meter().total(), System.nanoTime());
            parts.spool()
                    .addSamples(sampler.read(taken.counters(), parts.clock().instant(), System.nanoTime()));
            if (failing) {
                log.info("Counters are read again");
                failing = false;
            }
        } catch (IOException e) {
            if (!failing) {
                log.warn("Counters cannot be read: {}", e.toString());
                failing = true;
            }
        }
        retire();
    }

    /** Renamed services would add up over the years otherwise, here and in the kernel. */
    private void retire() {
        if (System.nanoTime() - retiredNanos < RETIRE_NANOS) {
            return;
        }
        retiredNanos = System.nanoTime();
        try {
            var waiting = parts.spool().waiting().stream().map(MeterAck::stream).collect(Collectors.toSet());
            parts.meter().retire(waiting, followed::forget);
            held = false;
        } catch (IOException e) {
            if (!held) {
                log.warn("Counters of services that are gone stay for now: {}", e.getMessage());
                held = true;
            }
        }
    }

    /**
     * Writes all registers into the spool.
     *
     * @return up to where the records hold everything that was counted so far
     */
    List<MeterAck> flush() throws IOException {
        var taken = take();
        var positions = new LinkedHashSet<>(parts.meter().flush(taken.snapshot()));
        parts.spool().addSamples(sampler.read(taken.counters(), parts.clock().instant(), System.nanoTime()));
        positions.addAll(parts.spool().waiting());
        return List.copyOf(positions);
    }

    /** Lets the kernel count where this policy serves, besides where it does already. Clients wait for nothing here. */
    void expect(Policy next) {
        try {
            followed.expect(endpoints(serving()), endpoints(next));
        } catch (IOException e) {
            log.warn("The kernel does not count yet: {}", e.getMessage());
        }
    }

    private record Taken(List<WorkerCounters> counters, Snapshot snapshot) {}

    private Taken take() throws IOException {
        var policy = serving();
        if (parts.serving().get().isPresent()) {
            followed.serve(endpoints(policy));
        } // otherwise the rules stand that another instance may have handed over
        var counters = parts.dataPlane().counters();
        var workers = readings.of(counters);
        var kernel = followed.read(workers);
        Map<String, Source> active = new HashMap<>();
        for (var service : policy.virtualServices()) {
            if (service.enabled()) {
                active.put(service.name(), followed.sourceOf(service.name()));
            }
        }
        return new Taken(
                counters,
                new Snapshot(
                        parts.clock().instant(),
                        System.nanoTime(),
                        active,
                        workers,
                        kernel.counts(),
                        kernel.doubted()));
    }

    private Policy serving() {
        return parts.serving().get().map(PolicyBundle::policy).orElse(Policy.EMPTY);
    }

    private List<Endpoint> endpoints(Policy policy) {
        return Throughput.endpoints(policy, parts.addresses());
    }
}
