package io.garrison.edge.agent;

import io.garrison.edge.haproxy.DataPlane;
import io.garrison.edge.haproxy.ListenAddresses;
import io.garrison.edge.meter.ByteCounters;
import io.garrison.edge.meter.Meter;
import io.garrison.edge.meter.MeterFiles;
import io.garrison.edge.shaping.Rates;
import io.garrison.edge.state.EdgeConfig;
import io.garrison.edge.state.StateDirectory;
import io.garrison.edge.sync.GatewayClient;
import io.garrison.edge.telemetry.EventBuffer;
import io.garrison.edge.telemetry.Spool;
import io.garrison.protocol.MeterAck;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.ReportAnswer;
import io.garrison.protocol.Telemetry.AccessEvent;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this instance counts and logs, on the disk until management has it. */
final class Recording implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Recording.class);
    private static final Duration FLUSH_LIMIT = Duration.ofSeconds(30);

    private final Spool spool;
    private final Shipping shipping;
    private final MeterFiles meterFiles;
    private final EventBuffer events;
    private final Meter meter;
    private final Counting counting;
    private final ByteCounters kernel;
    private final Loops loops;

    /**
     * @param serving the policy whose services are counted
     * @param bootId of the kernel
     */
    record Parts(
            StateDirectory state,
            EdgeConfig config,
            UUID instanceId,
            DataPlane dataPlane,
            Supplier<Optional<PolicyBundle>> serving,
            ListenAddresses addresses,
            Rates rates,
            ByteCounters kernel,
            String bootId,
            GatewayClient gateway,
            Loops loops,
            RandomGenerator random,
            Clock clock) {}

    Recording(Parts parts) throws IOException {
        var clock = parts.clock();
        var pace = parts.config().cluster().sync();
        kernel = parts.kernel();
        loops = parts.loops();
        spool = new Spool(parts.state().spool(), parts.config().spoolMaxBytes(), clock);
        shipping = new Shipping(spool, parts.gateway(), parts.random(), loops.stop());
        meterFiles = new MeterFiles(parts.state().meter(), records -> {
            spool.addMeters(records);
            shipping.wake();
        });
        events = new EventBuffer(
                spool,
                shipping::wake,
                pace.eventsBatchSize(),
                TimeUnit.SECONDS.toNanos(pace.eventsFlushIntervalSecs()),
                pace.eventsQueueSize());
        meter = new Meter(
                parts.instanceId(),
                meterFiles,
                parts.random()::nextLong,
                parts.bootId(),
                clock.instant(),
                System.nanoTime());
        counting = new Counting(new Counting.Parts(
                parts.dataPlane(),
                parts.serving(),
                parts.addresses(),
                meter,
                parts.rates(),
                kernel,
                spool,
                Duration.ofSeconds(pace.statsIntervalSecs()),
                clock));
        parts.dataPlane().onTakeOver(new CountedAhead(loops.counting(), counting));
    }

    Spool spool() {
        return spool;
    }

    Shipping shipping() {
        return shipping;
    }

    /** Thread-safe. */
    void add(AccessEvent event) {
        events.add(event);
    }

    /** What management said just now. Thread-safe. */
    void heard(ReportAnswer answer) {
        meter.attest(answer.serverTime(), System.nanoTime());
        meter.committed(answer.acks());
    }

    /** Belongs to the thread of counting. */
    void tick() {
        counting.tick();
        try {
            events.tend(System.nanoTime());
        } catch (IOException e) {
            log.warn("The spool does not reach the disk: {}", e.toString());
        }
    }

    /** Writes every register and sends it; @return up to where the records hold everything that was counted so far. */
    List<MeterAck> flush() throws IOException, InterruptedException {
        List<MeterAck> positions;
        try {
            positions = loops.counting().submit(counting::flush).get(FLUSH_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the registers could not be written", e);
        }
        shipping.shipMetersNow();
        return positions;
    }

    /** Takes what is left, once no loop runs any more. */
    void settle() throws IOException {
        events.flush();
        counting.tick();
    }

    @Override
    public void close() throws IOException {
        spool.close();
        meterFiles.close();
        kernel.close();
    }
}
