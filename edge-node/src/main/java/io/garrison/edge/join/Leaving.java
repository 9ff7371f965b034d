package io.garrison.edge.join;

import io.garrison.edge.agent.Version;
import io.garrison.edge.meter.BootId;
import io.garrison.edge.meter.Meter;
import io.garrison.edge.meter.MeterFiles;
import io.garrison.edge.meter.NftHandOver;
import io.garrison.edge.state.EdgeConfig;
import io.garrison.edge.state.StateDirectory;
import io.garrison.edge.sync.GatewayClient;
import io.garrison.edge.sync.GatewayException;
import io.garrison.edge.sync.LastMeters;
import io.garrison.edge.sync.TelemetryOutlet;
import io.garrison.edge.telemetry.Shipper;
import io.garrison.edge.telemetry.Spool;
import io.garrison.protocol.Report;
import io.garrison.protocol.SyncState;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An instance that leaves its state directory to another. Its registers are ended, and what was counted is told to the
 * management for which it was counted. Whatever the data plane does after the last reading is the next instance's, so that
 * nothing is counted twice or by nobody.
 */
record Leaving(StateDirectory state, Identity former, Clock clock) {

    /** For a management that is there and cannot take it now. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** For records that are under way behind the gateway. */
    private static final Duration ACKNOWLEDGED = Duration.ofSeconds(15);

    private static final long PAUSE_MILLIS = 500;

    /**
     * @param meter what the next meter goes on from if it takes over the data plane; null if this one had read nothing
     * @param undelivered why management does not have all of it; null if it has, or if there was nothing
     */
    record Left(byte @Nullable [] meter, @Nullable String undelivered) {}

    /**
     * May be repeated: what was ended stays as it was ended.
     *
     * @param next the instance that takes over the data plane as it runs; null if none does, and it has ended
     */
    Left leave(@Nullable UUID next) throws IOException, InterruptedException {
        if (!Files.exists(state.meter()) && !Files.exists(state.spool())) {
            return new Left(null, null);
        }
        try (var spool = new Spool(state.spool(), spoolBytes(), clock)) {
            byte[] meter = end(spool, next);
            return new Left(meter, ship(spool));
        }
    }

    private byte @Nullable [] end(Spool spool, @Nullable UUID next) throws IOException {
        try (var files = new MeterFiles(state.meter(), spool::addMeters)) {
            boolean unknown = files.lost() || files.load().isEmpty();
            var random = new SecureRandom();
            var meter = new Meter(
                    former.instanceId(), files, random::nextLong, BootId.read(), clock.instant(), System.nanoTime());
            boolean settled = end(meter, next != null && !unknown ? next : null);
            return unknown || next == null ? null : meter.inheritance(settled);
        }
    }

    /** @return whether it has what the kernel has counted to this moment */
    private boolean end(Meter meter, @Nullable UUID next) throws IOException {
        boolean another = next != null && !next.equals(former.instanceId());
        var counted = meter.services().isEmpty()
                ? Optional.<NftHandOver.Counted>empty()
                : NftHandOver.of(former.instanceId(), another ? next : null, meter.services());
        if (counted.isEmpty()) {
            meter.end(next != null && meter.services().isEmpty());
            return false;
        }
        boolean whole = another && counted.get().whole();
        meter.end(clock.instant(), System.nanoTime(), counted.get().counts(), whole);
        return true;
    }

    /** @return why management does not have all of it; null if it has */
    private @Nullable String ship(Spool spool) throws InterruptedException {
        var reason = send(spool);
        if (reason == null && Files.exists(spool.refusedMeters())) {
            return former.gateway() + " refused records for good";
        }
        return reason;
    }

    private @Nullable String send(Spool spool) throws InterruptedException {
        if (spool.state().records() == 0) {
            return null;
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var gateway = new GatewayClient(former, threads)) {
            var shipper = new Shipper(spool, new TelemetryOutlet(gateway));
            while (true) {
                try {
                    shipper.shipMeters();
                    while (System.nanoTime() < deadline && shipper.shipTelemetry()) {
                        // until all of it has gone
                    }
                    return acknowledged(spool, gateway) ? null : unacknowledged();
                } catch (GatewayException e) {
                    if (gateway.isShutOut()) {
                        return sendLast(spool, gateway);
                    }
                    if (e.status() < 500 || System.nanoTime() > deadline) {
                        return String.valueOf(e.getMessage());
                    }
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                }
            }
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            return former.gateway() + " cannot be reached (" + e + ")";
        }
    }

    /** Who was taken out of its stack may for a while tell what is billed, and nothing else. */
    private @Nullable String sendLast(Spool spool, GatewayClient gateway) throws IOException, InterruptedException {
        var last = new LastMeters(spool, gateway);
        long deadline = System.nanoTime() + ACKNOWLEDGED.toNanos();
        try {
            for (last.ship(); spool.meterRecords() > 0; last.ship()) {
                if (System.nanoTime() > deadline) {
                    return unacknowledged();
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
            return null;
        } catch (GatewayException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private String unacknowledged() {
        return former.gateway() + " has taken records and not acknowledged them in time";
    }

    /** What was taken may still be lost on its way; only what PostgreSQL has is there. */
    private boolean acknowledged(Spool spool, GatewayClient gateway) throws IOException, InterruptedException {
        var run = UUID.randomUUID();
        long deadline = System.nanoTime() + ACKNOWLEDGED.toNanos();
        for (int sequence = 1; spool.meterRecords() > 0; sequence++) {
            if (sequence > 1) {
                if (System.nanoTime() > deadline) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
            spool.acknowledge(gateway.report(report(run, sequence, spool)).acks());
        }
        return true;
    }

    /** Of an instance that serves here for the former management no more. */
    private Report report(UUID run, int sequence, Spool spool) {
        return new Report(
                run,
                sequence,
                clock.instant(),
                0,
                null,
                null,
                SyncState.UNKNOWN,
                null,
                false,
                true,
                "STANDBY",
                Version.CURRENT,
                null,
                List.of(),
                spool.state(),
                null,
                null);
    }

    private long spoolBytes() throws IOException {
        try {
            return EdgeConfig.read(state.settings()).spoolMaxBytes();
        } catch (EdgeConfig.InvalidSetting e) {
            return EdgeConfig.DEFAULT.spoolMaxBytes();
        }
    }
}
