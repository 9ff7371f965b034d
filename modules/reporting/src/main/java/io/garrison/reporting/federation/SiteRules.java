package io.garrison.reporting.federation;

import io.garrison.instances.SiteIdentity;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.SiteUsage;
import io.garrison.protocol.SiteUsage.Epoch;
import io.garrison.protocol.SiteUsage.Interval;
import io.garrison.protocol.SiteUsage.Stream;
import io.garrison.reporting.ReportingException.UsageRefused;
import io.garrison.reporting.federation.Cursor.RowKey;
import io.garrison.reporting.ingest.TelemetryRules;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a batch must keep to by itself, whatever the ledger holds. The rules for rows are those for edges. */
final class SiteRules {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final long MAX_NUMBER = 1L << 40;

    /** As many as a ledger can hold: half a year of ordinary records, each missing its neighbours. */
    private static final int MAX_BOUNDS = 200_000;

    private final SiteUsage batch;
    private final Instant now;
    private final Map<UUID, Stream> streams = new HashMap<>();
    private final Map<RowKey, Long> nonces = new HashMap<>();

    private SiteRules(SiteUsage batch, Instant now) {
        this.batch = batch;
        this.now = now;
    }

    /** @throws UsageRefused for the first row that breaks a rule */
    static void check(SiteUsage batch, SiteIdentity site, Instant now) {
        var rules = new SiteRules(batch, now);
        rules.requireNumber();
        rules.readStreams();
        rules.checkIntervals(site.subLicenseId().value());
        rules.checkEpochs();
    }

    private void requireNumber() {
        if (batch.number() < 1 || batch.number() > MAX_NUMBER || batch.madeAt() == null) {
            throw UsageRefused.malformed("it has no number or no time");
        }
        var previous = batch.previous();
        if ((batch.number() == 1) != (previous == null)
                || (previous != null && !SHA256.matcher(previous).matches())) {
            throw UsageRefused.malformed("previous must be the SHA-256 of the batch before, and null in the first");
        }
        int rows = batch.intervals().size() + batch.epochs().size();
        if (rows > SiteUsage.MAX_ROWS || batch.streams().size() > SiteUsage.MAX_ROWS) {
            throw UsageRefused.row(
                    "too-many-rows", "", "%d rows; at most %d are taken".formatted(rows, SiteUsage.MAX_ROWS));
        }
    }

    private void readStreams() {
        int index = 0;
        var stacks = new HashMap<UUID, UUID>();
        for (var stream : batch.streams()) {
            var field = "/streams/" + index++;
            if (stream.stream() == null
                    || stream.stackId() == null
                    || stream.instanceId() == null
                    || stream.virtualService() == null
                    || stream.source() == null) {
                throw UsageRefused.row("field-missing", field, "a stream lacks a field");
            }
            if (streams.put(stream.stream(), stream) != null) {
                throw UsageRefused.row("row-conflict", field, "a stream is named twice");
            }
            var stack = stacks.putIfAbsent(stream.instanceId(), stream.stackId());
            if (stack != null && !stack.equals(stream.stackId())) {
                throw UsageRefused.row("row-conflict", field, "an instance is in two stacks");
            }
        }
    }

    private void checkIntervals(UUID subLicense) {
        int index = 0;
        var seen = new HashSet<Object>();
        for (var interval : batch.intervals()) {
            var field = "/intervals/" + index++;
            var stream = stream(interval.stream(), field);
            var broken = interval.subLicenseId() == null ? "field-missing" : broken(stream, interval);
            if (broken != null) {
                throw UsageRefused.row(broken, field, "breaks the rule " + broken);
            }
            if (!subLicense.equals(interval.subLicenseId())) {
                throw UsageRefused.row("foreign", field, "it is of another sub-licence than the site's");
            }
            requireNonce(new RowKey(interval.stream(), interval.epoch()), interval.nonce(), field);
            if (!seen.add(List.of(interval.stream(), interval.epoch(), interval.bucket()))) {
                throw UsageRefused.row("row-conflict", field, "the interval comes twice");
            }
        }
    }

    private @Nullable String broken(Stream stream, Interval interval) {
        return TelemetryRules.broken(
                new MeterRecord(
                        interval.stream(),
                        stream.virtualService(),
                        interval.epoch(),
                        interval.nonce(),
                        interval.sequence(),
                        interval.bucket(),
                        interval.kind(),
                        interval.at(),
                        stream.source(),
                        interval.bytesIn(),
                        interval.bytesOut(),
                        interval.requests(),
                        interval.connections(),
                        interval.activeNanos(),
                        interval.peakBps(),
                        interval.exact()),
                stream.instanceId(),
                now);
    }

    private void checkEpochs() {
        int index = 0;
        var seen = new HashSet<RowKey>();
        for (var epoch : batch.epochs()) {
            var field = "/epochs/" + index++;
            var stream = stream(epoch.stream(), field);
            if (!stream.stream()
                    .equals(MeterRecord.streamOf(stream.instanceId(), stream.virtualService(), stream.source()))) {
                throw UsageRefused.row("stream-foreign", field, "the stream is not that of its instance");
            }
            if (epoch.epoch() < 1 || epoch.epoch() > MAX_NUMBER || !isOrdered(epoch)) {
                throw UsageRefused.row("out-of-range", field, "an epoch's numbers are beyond what there can be");
            }
            var key = new RowKey(epoch.stream(), epoch.epoch());
            requireNonce(key, epoch.nonce(), field);
            if (!seen.add(key)) {
                throw UsageRefused.row("row-conflict", field, "the epoch comes twice");
            }
        }
    }

    private static boolean isOrdered(Epoch epoch) {
        var bounds = epoch.seen();
        if (bounds.isEmpty() || bounds.size() % 2 != 0 || bounds.size() > MAX_BOUNDS) {
            return false;
        }
        long before = 0;
        for (var bound : bounds) {
            if (bound <= before || bound > MAX_NUMBER) {
                return false;
            }
            before = bound;
        }
        var last = epoch.finalSequence();
        return last == null || (last >= 1 && last < before);
    }

    private Stream stream(@Nullable UUID id, String field) {
        var stream = id == null ? null : streams.get(id);
        if (stream == null) {
            throw UsageRefused.row("field-missing", field, "its stream is not named in the batch");
        }
        return stream;
    }

    private void requireNonce(RowKey key, long nonce, String field) {
        var known = nonces.putIfAbsent(key, nonce);
        if (known != null && known != nonce) {
            throw UsageRefused.row("row-conflict", field, "two nonces for one epoch");
        }
    }
}
