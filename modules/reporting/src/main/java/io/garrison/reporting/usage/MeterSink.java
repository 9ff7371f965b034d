package io.garrison.reporting.usage;

import io.garrison.reporting.ingest.BadRecord;
import io.garrison.reporting.ingest.BatchSink;
import io.garrison.reporting.ingest.MeterCodec;
import io.garrison.reporting.ingest.StampedMeter;
import io.garrison.reporting.ingest.TelemetryRules;
import io.garrison.reporting.ingest.Topic;
import io.garrison.tenancy.AuditTrail;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Takes meter records into the registers. Taking the same records again, in any order and in any cut, ends in the same
 * registers, so nothing that happens on the way can change a bill.
 */
@Component
public class MeterSink implements BatchSink<StampedMeter> {

    private static final Logger log = LoggerFactory.getLogger(MeterSink.class);

    /** How far a record may be from the newest before it; half a year of ordinary ones. */
    static final long FARTHEST_AHEAD = 100_000;

    /** Bounds what one edge can make us remember. */
    static final int MOST_GAPS = 50_000;

    /** Between the clocks of two replicas. */
    private static final Duration LARGEST_SKEW = Duration.ofDays(1);

    static final String NONCE_MISMATCH = "nonce-mismatch";
    static final String TOO_FAR_AHEAD = "sequence-too-far";

    private final MeterTables tables;
    private final AuditTrail audit;
    private final Clock clock;

    public MeterSink(MeterTables tables, AuditTrail audit, Clock clock) {
        this.tables = tables;
        this.audit = audit;
        this.clock = clock;
    }

    @Override
    public Topic topic() {
        return Topic.METER;
    }

    @Override
    public UUID tenantOf(StampedMeter value) {
        return value.tenant();
    }

    @Override
    public StampedMeter decode(byte[] value) {
        var stamped = MeterCodec.decode(value);
        var broken = TelemetryRules.broken(stamped.meter(), stamped.instance(), latest(stamped));
        if (broken != null) {
            throw new BadRecord(broken, "stream " + stamped.meter().stream());
        }
        return stamped;
    }

    /** What the gateway has taken is not lost because the clock is behind here. */
    private Instant latest(StampedMeter stamped) {
        var now = clock.instant();
        var received = stamped.receivedAt();
        return received.isAfter(now) && received.isBefore(now.plus(LARGEST_SKEW)) ? received : now;
    }

    @Override
    public List<Rejected<StampedMeter>> store(List<Item<StampedMeter>> batch) {
        var epochs = new LinkedHashSet<EpochKey>();
        batch.forEach(item -> epochs.add(EpochKey.of(item.value())));
        var known = new HashMap<>(tables.lockEpochs(epochs));
        var rejected = rejected(batch, known);
        if (rejected.isEmpty()) {
            var merged = new MeterBatch();
            batch.forEach(item -> merged.add(item.value()));
            tables.merge(merged, clock.instant());
        }
        return rejected;
    }

    private static List<Rejected<StampedMeter>> rejected(
            List<Item<StampedMeter>> batch, Map<EpochKey, MeterTables.Known> known) {
        var rejected = new ArrayList<Rejected<StampedMeter>>();
        for (var item : batch) {
            var meter = item.value().meter();
            var epoch =
                    known.computeIfAbsent(EpochKey.of(item.value()), key -> new MeterTables.Known(meter.nonce(), 0, 0));
            if (epoch.nonce() != meter.nonce()) {
                rejected.add(new Rejected<>(item, NONCE_MISMATCH));
            } else if (meter.sequence() > epoch.newest() + (epoch.gaps() < MOST_GAPS ? FARTHEST_AHEAD : 0)) {
                rejected.add(new Rejected<>(item, TOO_FAR_AHEAD));
            }
        }
        return rejected;
    }

    @Override
    public void note(List<Rejected<StampedMeter>> rejected) {
        var suspicious = new LinkedHashSet<EpochKey>();
        for (var each : rejected) {
            if (each.reason().equals(NONCE_MISMATCH)) {
                suspicious.add(EpochKey.of(each.item().value()));
            }
        }
        for (var epoch : tables.quarantine(suspicious)) {
            log.error(
                    "tenant {}: two edges, or one before and after a restore, count as epoch {} of stream {}."
                            + " The second one is not billed. Enrol the instance anew.",
                    epoch.tenant(),
                    epoch.epoch(),
                    epoch.stream());
            audit.record(
                    "meter.quarantined",
                    "meter-stream",
                    epoch.stream().toString(),
                    Map.of("tenant", epoch.tenant().toString(), "epoch", epoch.epoch()));
        }
    }
}
