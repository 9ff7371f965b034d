package io.garrison.reporting.ingest;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The collectors' offsets in PostgreSQL. All methods need the provider's scope and a transaction. */
@Component
public class OffsetStore {

    private final JdbcClient database;

    public OffsetStore(JdbcClient database) {
        this.database = database;
    }

    /**
     * Where to go on.
     *
     * @param beginnings where partitions begin that were never read
     */
    public Map<TopicPartition, Long> load(Map<TopicPartition, Long> beginnings) {
        var positions = new HashMap<TopicPartition, Long>();
        beginnings.forEach((partition, beginning) -> {
            database.sql("""
                    insert into reporting.kafka_offset (topic, part, next_off) values (:topic, :part, :beginning)
                    on conflict do nothing""")
                    .param("topic", partition.topic())
                    .param("part", partition.partition())
                    .param("beginning", beginning)
                    .update();
            var next = database.sql("select next_off from reporting.kafka_offset where topic = :topic and part = :part")
                    .param("topic", partition.topic())
                    .param("part", partition.partition())
                    .query(Long.class)
                    .single();
            positions.put(partition, next);
        });
        return positions;
    }

    /** @throws Fenced if the offset is not {@code from}: somebody else has taken records of this partition */
    public void advance(TopicPartition partition, long from, long to) {
        var rows = database.sql("""
                update reporting.kafka_offset set next_off = :to
                 where topic = :topic and part = :part and next_off = :from""")
                .param("topic", partition.topic())
                .param("part", partition.partition())
                .param("from", from)
                .param("to", to)
                .update();
        if (rows != 1) {
            throw new Fenced(partition, from);
        }
    }

    /** Another collector owns the partition now, or has at least been faster. */
    public static final class Fenced extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Fenced(TopicPartition partition, long from) {
            super("offset %d of %s was advanced by another collector".formatted(from, partition));
        }
    }
}
