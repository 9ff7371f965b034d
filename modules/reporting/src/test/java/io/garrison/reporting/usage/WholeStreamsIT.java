package io.garrison.reporting.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.reporting.UsageQuery;
import io.garrison.reporting.UsageRecord;
import io.garrison.reporting.UsageRecord.Metric;
import io.garrison.tenancy.http.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A gap may be filled while somebody reads; what is added up shall be of one moment. */
class WholeStreamsIT {

    private static final Instant TEN = Instant.parse("2026-11-20T10:00:00Z");
    private static final UUID FIRST = UUID.fromString("10000000-0000-4000-8000-000000000001");
    private static final UUID SECOND = UUID.fromString("20000000-0000-4000-8000-000000000002");

    private final StoredRegisters registers = new StoredRegisters(TEN.plusSeconds(36_000));
    private final UsageQuery query = new UsageQuery(TEN, TEN.plusSeconds(18_000), registers.tenant, null);

    @Test
    void keepASumWhenAGapIsFilledBetweenTwoPages() {
        for (var instance : List.of(FIRST, SECOND)) {
            registers.hear(instance, 1, TEN.plusSeconds(300), 0);
            registers.hear(instance, 48, TEN.plusSeconds(4 * 3_600), 48_000);
        }
        var first = registers.ledger.wholeStreams(query, null, 1);
        assertThat(first.items()).extracting(UsageRecord::instanceId).containsOnly(FIRST);
        fillTheGap(FIRST);
        fillTheGap(SECOND);

        var all = new ArrayList<>(first.items());
        for (var page = first; page.next() != null; ) {
            page = registers.ledger.wholeStreams(query, page.next(), 1);
            all.addAll(page.items());
        }

        assertThat(all).extracting(UsageRecord::id).doesNotHaveDuplicates();
        assertThat(bytesIn(all, FIRST)).isEqualTo(48_000);
        assertThat(bytesIn(all, SECOND)).isEqualTo(48_000);
        assertThat(all).filteredOn(record -> record.instanceId().equals(SECOND)).isEqualTo(ofSecond());
    }

    @Test
    void leaveOutWhatComesToAStreamThatHasBeenRead() {
        registers.hear(FIRST, 1, TEN.plusSeconds(300), 100);
        var first = registers.ledger.wholeStreams(query, null, 1);
        registers.hear(FIRST, 2, TEN.plusSeconds(14_400), 200);

        assertThat(registers.ledger.wholeStreams(query, first.next(), 1)).isEqualTo(new Page<>(List.of(), null));
    }

    /** All that was used was used in the last of the four hours. */
    private void fillTheGap(UUID instance) {
        registers.hear(instance, 36, TEN.plusSeconds(3 * 3_600), 0);
    }

    private List<UsageRecord> ofSecond() {
        return registers.ledger.page(query, null, 1_000).items().stream()
                .filter(record -> record.instanceId().equals(SECOND))
                .toList();
    }

    private static long bytesIn(List<UsageRecord> records, UUID instance) {
        return records.stream()
                .filter(record -> record.instanceId().equals(instance) && record.metric() == Metric.BYTES_IN)
                .mapToLong(record -> record.quantity().longValueExact())
                .sum();
    }
}
