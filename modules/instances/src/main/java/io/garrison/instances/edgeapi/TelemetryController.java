package io.garrison.instances.edgeapi;

import io.garrison.instances.EdgeService;
import io.garrison.instances.InstanceException.EdgeMessageRefused;
import io.garrison.instances.InstanceException.TooManyRequests;
import io.garrison.instances.InstanceId;
import io.garrison.instances.TelemetryIntake;
import io.garrison.protocol.MetersTaken;
import io.garrison.protocol.Telemetry;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/edge/v1")
class TelemetryController {

    private static final int MAX_BYTES = 4 * 1024 * 1024;
    private static final int MAX_UNPACKED = 16 * 1024 * 1024;

    /** Bodies in memory at once. */
    private static final int MAX_AT_ONCE = 32;

    private static final long PATIENCE_SECONDS = 10;

    /** What one edge may send: 8 MiB of JSON per second over time, so that none starves the others. */
    private final TokenBuckets<InstanceId> bytes = new TokenBuckets<>(64 << 20, 8 << 20, System::nanoTime);

    private final Semaphore places = new Semaphore(MAX_AT_ONCE, true);
    private final EdgeService edges;
    private final ObjectProvider<TelemetryIntake> intake;
    private final SiteController sites;

    TelemetryController(EdgeService edges, ObjectProvider<TelemetryIntake> intake, SiteController sites) {
        this.edges = edges;
        this.intake = intake;
        this.sites = sites;
    }

    @PostMapping("/telemetry")
    @ResponseStatus(HttpStatus.ACCEPTED)
    void telemetry(HttpServletRequest request) throws IOException, InterruptedException {
        take(request, false);
    }

    /**
     * The same for instances that send nothing but registers, as those do that are out of their stack: no heartbeat
     * brings them acknowledgements, so the answer does. And what installations of customers' own have in their ledger,
     * which is answered once it is committed.
     */
    @PostMapping("/usage")
    ResponseEntity<?> usage(HttpServletRequest request) throws IOException, InterruptedException {
        if (EdgeGate.isSite(request)) {
            return ResponseEntity.ok(sites.usage(request));
        }
        var taker = take(request, true);
        return ResponseEntity.accepted().body(new MetersTaken(taker.committed(EdgeGate.identity(request))));
    }

    private TelemetryIntake take(HttpServletRequest request, boolean metersOnly)
            throws IOException, InterruptedException {
        var from = EdgeGate.identity(request);
        long wait = bytes.secondsUntilOpen(from.instanceId());
        if (wait > 0) {
            throw new TooManyRequests("bytes of telemetry", wait);
        }
        if (!places.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new TooManyRequests("batches at once", PATIENCE_SECONDS);
        }
        try {
            byte[] json = EdgeBody.unpacked(request, MAX_BYTES, MAX_UNPACKED);
            bytes.charge(from.instanceId(), json.length);
            var batch = EdgeBody.parse(json, Telemetry.class);
            requireWithinLimits(batch, metersOnly);
            var taker = intake.getIfAvailable();
            if (taker == null) {
                throw new TelemetryIntake.IntakeUnavailable(
                        "nobody takes telemetry in this application", new IllegalStateException("no intake"));
            }
            taker.accept(from, edges.subLicense(from), batch);
            return taker;
        } finally {
            places.release();
        }
    }

    private static void requireWithinLimits(Telemetry batch, boolean metersOnly) {
        int entries =
                batch.meters().size() + batch.samples().size() + batch.events().size();
        if (entries > Telemetry.MAX_ENTRIES) {
            throw new EdgeMessageRefused(
                    "telemetry.too-many", "A batch has at most %,d entries.".formatted(Telemetry.MAX_ENTRIES));
        }
        if (metersOnly && !(batch.samples().isEmpty() && batch.events().isEmpty())) {
            throw new EdgeMessageRefused("telemetry.meters-only", "Send meter records and nothing else here.");
        }
    }
}
