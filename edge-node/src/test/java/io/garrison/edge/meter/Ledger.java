package io.garrison.edge.meter;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.MeterAck;
import io.garrison.protocol.MeterRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** The receiving end: keeps the newest record of each bucket and adds up epochs. Delivery may be in any order. */
final class Ledger {

    private record Epoch(UUID stream, long epoch) {}

    private final Map<Epoch, TreeMap<Long, MeterRecord>> records = new HashMap<>();

    void receive(MeterRecord record) {
        var epoch = records.computeIfAbsent(new Epoch(record.stream(), record.epoch()), key -> new TreeMap<>());
        var former = epoch.putIfAbsent(record.sequence(), record);
        if (former != null) {
            assertThat(record).as("one number, one record").isEqualTo(former);
        }
        assertThat(epoch.firstEntry().getValue().nonce())
                .as("one epoch, one nonce")
                .isEqualTo(record.nonce());
    }

    /** The registers never run backwards, in order of their numbers. */
    void requireGrowth() {
        for (var epoch : records.values()) {
            MeterRecord former = null;
            for (var record : epoch.values()) {
                if (former != null) {
                    assertThat(record.bytesIn()).isGreaterThanOrEqualTo(former.bytesIn());
                    assertThat(record.bytesOut()).isGreaterThanOrEqualTo(former.bytesOut());
                    assertThat(record.requests()).isGreaterThanOrEqualTo(former.requests());
                    assertThat(record.activeNanos()).isGreaterThanOrEqualTo(former.activeNanos());
                    if (record.kind() == MeterRecord.Kind.CLOSE) { // the end may be where a wrong clock was set right
                        assertThat(record.bucket()).isGreaterThanOrEqualTo(former.bucket());
                    }
                    assertThat(former.kind()).isEqualTo(MeterRecord.Kind.CLOSE);
                }
                former = record;
            }
        }
    }

    Counts total(String service) {
        var total = Counts.ZERO;
        for (var epoch : records.values()) {
            var last = epoch.lastEntry().getValue();
            if (last.virtualService().equals(service)) {
                total = total.plus(new Counts(last.bytesIn(), last.bytesOut(), last.requests(), last.connections()));
            }
        }
        return total;
    }

    /** As if nothing had been lost on the way to the newest one. */
    List<MeterAck> acks() {
        return records.entrySet().stream()
                .map(epoch -> new MeterAck(
                        epoch.getKey().stream(),
                        epoch.getKey().epoch(),
                        epoch.getValue().lastKey()))
                .toList();
    }

    List<MeterRecord> of(String service) {
        return records.values().stream()
                .flatMap(epoch -> epoch.values().stream())
                .filter(record -> record.virtualService().equals(service))
                .toList();
    }

    /** What a bucket comes to. */
    record Usage(long bytes, long nanos, boolean exact) {

        Usage plus(Usage other) {
            return new Usage(bytes + other.bytes, nanos + other.nanos, exact && other.exact);
        }
    }

    /** As management bills it: what an epoch grew by since its former bucket is spread over those that have passed. */
    Map<Long, Usage> byBucket(String service) {
        var usage = new TreeMap<Long, Usage>();
        for (var epoch : records.values()) {
            var newest = new TreeMap<Long, MeterRecord>();
            epoch.values().forEach(record -> newest.put(record.bucket(), record));
            long since = newest.firstKey();
            long bytes = 0;
            long nanos = 0;
            for (var record : newest.values()) {
                if (!record.virtualService().equals(service)) {
                    break;
                }
                long parts = record.bucket() - since + 1;
                long moreBytes = Math.max(0, record.bytesIn() + record.bytesOut() - bytes);
                long moreNanos = Math.max(0, record.activeNanos() - nanos);
                for (long bucket = since; bucket <= record.bucket(); bucket++) {
                    long rest = bucket == record.bucket() ? moreBytes % parts : 0;
                    usage.merge(
                            bucket,
                            new Usage(moreBytes / parts + rest, moreNanos / parts, parts == 1 && record.exact()),
                            Usage::plus);
                }
                bytes += moreBytes;
                nanos += moreNanos;
                since = record.bucket() + 1;
            }
        }
        return usage;
    }

    long activeNanos(String service) {
        return records.values().stream()
                .map(epoch -> epoch.lastEntry().getValue())
                .filter(record -> record.virtualService().equals(service))
                .mapToLong(MeterRecord::activeNanos)
                .sum();
    }

    boolean exact(String service) {
        return records.values().stream()
                .flatMap(epoch -> epoch.values().stream())
                .filter(record -> record.virtualService().equals(service))
                .allMatch(MeterRecord::exact);
    }

    long epochs(String service) {
        return records.values().stream()
                .filter(epoch -> epoch.firstEntry().getValue().virtualService().equals(service))
                .count();
    }

    boolean hasGaps() {
        return records.values().stream().anyMatch(epoch -> epoch.lastKey() != epoch.size());
    }

    long contiguous(MeterAck position) {
        var epoch = records.getOrDefault(new Epoch(position.stream(), position.epoch()), new TreeMap<>());
        long last = 0;
        for (long sequence : epoch.keySet()) {
            if (sequence != last + 1) {
                break;
            }
            last = sequence;
        }
        return last;
    }
}
