package io.garrison.reporting.ingest;

import io.garrison.protocol.MeterAck;
import io.garrison.reporting.usage.SequenceRanges;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What PostgreSQL has of an edge's registers. */
@Service
class CommittedRegisters {

    private static final int MOST = 2_000;

    private final JdbcClient database;

    CommittedRegisters(JdbcClient database) {
        this.database = database;
    }

    /**
     * Acknowledgements for the two newest epochs of each stream of the bound tenant's instance, and for every epoch that
     * something arrived for within a day, so that an edge with many old epochs gets rid of them all. Of a stream that is
     * gone for long nothing is told any more: an edge that sends its records again makes it new.
     */
    @Transactional(readOnly = true)
    List<MeterAck> of(UUID instance) {
        return database.sql("""
                select stream, epoch, contig_seq, seen::text from (
                    select stream, epoch, contig_seq, seen, updated_at,
                           row_number() over (partition by stream order by epoch desc) as age
                      from reporting.meter_epoch
                     where instance_id = :instance) known
                 where (age <= 2 and updated_at > now() - interval '40 days')
                    or updated_at > now() - interval '1 day'
                 order by updated_at desc, stream, epoch desc
                 limit :most""")
                .param("instance", instance)
                .param("most", MOST)
                .query((row, i) -> new MeterAck(
                        row.getObject(1, UUID.class),
                        row.getLong(2),
                        row.getLong(3),
                        SequenceRanges.parse(row.getString(4)).beyond(row.getLong(3))))
                .list();
    }
}
