package io.garrison.edge.agent;

import io.garrison.edge.haproxy.ListenAddresses;
import io.garrison.edge.meter.ByteCounters.Endpoint;
import io.garrison.edge.shaping.KernelLimiter;
import io.garrison.edge.shaping.Rates;
import io.garrison.edge.shaping.Shaper;
import io.garrison.edge.state.StateDirectory;
import io.garrison.protocol.Policy;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.Report;
import io.garrison.protocol.ThroughputShare;
import io.garrison.protocol.VirtualService;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What passes, and what limits it.
 *
 * @param soon puts a new share in force without waiting for the next turn
 */
record Throughput(Shaper shaper, Rates rates, Runnable soon) {

    /** @param changed told when another share is in force */
    static Throughput of(
            StateDirectory state,
            UUID instance,
            Supplier<Optional<PolicyBundle>> serving,
            ListenAddresses addresses,
            Loops loops,
            Runnable changed) {
        var shaper = new Shaper(
                state.throughputShare(),
                new KernelLimiter(instance),
                () -> endpoints(serving.get().map(PolicyBundle::policy).orElse(Policy.EMPTY), addresses),
                changed);
        return new Throughput(shaper, new Rates(), () -> loops.shaping().execute(shaper::tend));
    }

    /** Where clients find the services of a policy on this instance. */
    static List<Endpoint> endpoints(Policy policy, ListenAddresses addresses) {
        return policy.virtualServices().stream()
                .filter(VirtualService::enabled)
                .map(service -> new Endpoint(service.name(), addresses.of(service.address()), service.port()))
                .toList();
    }

    Report.Throughput told() {
        var limit = shaper.state();
        var seen = rates.seen();
        return new Report.Throughput(
                limit.inForce().number(),
                limit.inForce().bps(),
                limit.limiting() ? "TC" : "NONE",
                limit.reason(),
                seen.millis(),
                seen.bytesIn(),
                seen.bytesOut(),
                seen.peakInBps(),
                seen.peakOutBps());
    }

    /** @param share absent from a management that splits no throughput; then the last one holds */
    void answered(@Nullable ThroughputShare share) throws java.io.IOException {
        rates.answered();
        if (share != null) {
            shaper.take(share);
            soon.run();
        }
    }
}
