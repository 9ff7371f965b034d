package io.garrison.bench;

import io.garrison.protocol.MeterRecord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Sums over the ledger's rows that no lost, doubled or mixed-up record leaves as they are.
 *
 * @param intervals rows, one per edge and 5-minute interval
 * @param registers of all rows: sequence, bytes in and out, requests, connections, active nanoseconds, peak
 * @param contiguous of all epochs: up to which record nothing is missing
 */
record LedgerTotals(long intervals, List<BigDecimal> registers, long epochs, long contiguous) {

    static final LedgerTotals ZERO = new LedgerTotals(0, Collections.nCopies(7, BigDecimal.ZERO), 0, 0);

    LedgerTotals plusInterval(MeterRecord last, long peak) {
        long[] values = {
            last.sequence(),
            last.bytesIn(),
            last.bytesOut(),
            last.requests(),
            last.connections(),
            last.activeNanos(),
            peak
        };
        var sums = new ArrayList<BigDecimal>(values.length);
        for (int i = 0; i < values.length; i++) {
            sums.add(registers.get(i).add(BigDecimal.valueOf(values[i])));
        }
        return new LedgerTotals(intervals + 1, List.copyOf(sums), epochs, contiguous);
    }

    LedgerTotals plusEpoch(long lastSequence) {
        return new LedgerTotals(intervals, registers, epochs + 1, contiguous + lastSequence);
    }

    static LedgerTotals read(JdbcClient database) {
        var epochs = database.sql("select count(*), coalesce(sum(contig_seq), 0) from reporting.meter_epoch")
                .query((row, i) -> new long[] {row.getLong(1), row.getLong(2)})
                .single();
        return database.sql("""
                select count(*), sum(seq), sum(bytes_in), sum(bytes_out), sum(requests), sum(connections),
                       sum(active_nanos), sum(peak_bps)
                  from reporting.meter_bucket""")
                .query((row, i) -> {
                    var sums = new ArrayList<BigDecimal>();
                    for (int column = 2; column <= 8; column++) {
                        var sum = row.getBigDecimal(column);
                        sums.add(sum == null ? BigDecimal.ZERO : sum);
                    }
                    return new LedgerTotals(row.getLong(1), List.copyOf(sums), epochs[0], epochs[1]);
                })
                .single();
    }
}
