package io.garrison.edge.meter;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.MeterAck;
import io.garrison.protocol.MeterRecord;
import java.util.HashMap;
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
                    assertThat(record.bucket()).isGreaterThanOrEqualTo(former.bucket());
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
