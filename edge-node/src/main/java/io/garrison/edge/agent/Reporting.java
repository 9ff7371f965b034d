package io.garrison.edge.agent;

import io.garrison.edge.haproxy.DataPlane;
import io.garrison.edge.license.LeaseKeeper;
import io.garrison.edge.sync.Heartbeat;
import io.garrison.edge.sync.Reconciler;
import io.garrison.edge.sync.Renewal;
import io.garrison.edge.telemetry.Spool;
import io.garrison.protocol.MeterAck;
import io.garrison.protocol.Report;
import io.garrison.protocol.ReportAnswer;
import io.garrison.protocol.ThroughputShare;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the heartbeat says, and what is done about management's answer. */
final class Reporting implements Heartbeat.Duty {

    private static final Logger log = LoggerFactory.getLogger(Reporting.class);

    private final Parts parts;
    private final MachineWatch machine = MachineWatch.ofThisMachine();
    private final UUID bootId = UUID.randomUUID();
    private long sequence;
    private @Nullable Boolean drain;
    private Report.@Nullable Flushed flushed;

    /** Writes every register and sends it. */
    interface Flush {
        List<MeterAck> run() throws IOException, InterruptedException;
    }

    /**
     * @param reconcile the reconciler's thread
     * @param meter counts by what management has and what time it is there
     * @param soon lets the next report go out at once
     */
    record Parts(
            DataPlane dataPlane,
            Reconciler reconciler,
            ExecutorService reconcile,
            Renewal renewal,
            Spool spool,
            LeaseKeeper leases,
            Throughput throughput,
            Stacked stacked,
            Examining examining,
            Flush flush,
            Consumer<ReportAnswer> meter,
            Runnable soon,
            Clock clock) {}

    Reporting(Parts parts) {
        this.parts = parts;
    }

    @Override
    public Report report() {
        var sync = parts.reconciler().status();
        var dataPlane = parts.dataPlane().state();
        return new Report(
                bootId,
                ++sequence,
                parts.clock().instant(),
                sync.applied().revision(),
                sync.applied().incarnation(),
                sync.applied().policySha256(),
                sync.state(),
                sync.error(),
                dataPlane.running(),
                dataPlane.draining(),
                parts.stacked().haRole(),
                Version.CURRENT,
                dataPlane.version(),
                dataPlane.virtualServices(),
                parts.spool().state(),
                flushed,
                parts.leases().status().told(),
                parts.throughput().told(),
                parts.stacked().told(),
                parts.examining().told(),
                machine.look());
    }

    @Override
    public void answered(Report report, ReportAnswer answer) throws IOException, InterruptedException {
        parts.meter().accept(answer);
        parts.reconciler().reported(report.syncState());
        parts.spool().acknowledge(answer.acks());
        take(answer.lease());
        take(answer.share());
        parts.stacked().answered(answer);
        parts.examining().answered(answer.examine());
        if (answer.trustAnchors() != null) {
            trust(answer.trustAnchors());
        }
        if (drain == null || drain != answer.drain()) {
            on(() -> {
                parts.reconciler().drainByManagement(answer.drain());
                return null;
            });
            drain = answer.drain();
        }
        var wanted = answer.flush();
        if (wanted != null && (flushed == null || !flushed.flushId().equals(wanted))) {
            flushed = new Report.Flushed(wanted, parts.flush().run());
            parts.soon().run();
        }
    }

    /** A disk that fails must not keep the rest of the answer from being followed; the lease comes again. */
    private void take(@Nullable String lease) {
        if (lease == null) {
            return;
        }
        try {
            if (parts.leases().offer(lease) instanceof LeaseKeeper.Offered.Refused refused) {
                log.warn("A lease from management was refused: {}", refused.reason());
            }
        } catch (IOException e) {
            log.warn("A lease from management does not reach the disk: {}", e.toString());
        }
    }

    /** As {@link #take(String)}: management tells it again. */
    private void take(@Nullable ThroughputShare share) {
        try {
            parts.throughput().answered(share);
        } catch (IOException e) {
            log.warn("A share of throughput does not reach the disk: {}", e.toString());
        }
    }

    private void trust(String anchors) throws IOException {
        try {
            parts.renewal().trust(anchors);
        } catch (IllegalArgumentException e) {
            throw new IOException("management named authorities that are none", e);
        }
    }

    private void on(Callable<@Nullable Void> work) throws IOException, InterruptedException {
        try {
            parts.reconcile().submit(work).get();
        } catch (ExecutionException e) {
            throw new IOException("management's wish could not be followed", e.getCause());
        }
    }
}
