package io.garrison.reporting.ingest;

import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Where the records of a topic go. A collector hands it batches, in order per partition, each at least once; a sink must
 * make the second time harmless.
 */
public interface BatchSink<T> {

    Topic topic();

    /** @throws BadRecord if these bytes can never be taken */
    T decode(byte[] value);

    /** Whose it is. */
    UUID tenantOf(T value);

    /**
     * Work outside of PostgreSQL, before the transaction; repeated after any failure.
     *
     * @return what can never be taken; the rest has been
     */
    default List<Rejected<T>> deliver(List<Item<T>> batch) {
        return List.of();
    }

    /**
     * Work in the transaction that advances the offsets, in the provider's scope.
     *
     * @return what can never be taken; if there is any, the transaction is rolled back and the rest comes again
     */
    default List<Rejected<T>> store(List<Item<T>> batch) {
        return List.of();
    }

    /**
     * Takes back what {@link #deliver} may have done with records of a tenant that is gone, or about to be; harmless if it
     * was never done.
     */
    default void retract(List<Item<T>> batch) {}

    /** Keeps what has to be known of rejected records; at the end of the transaction that goes on without them. */
    default void note(List<Rejected<T>> rejected) {}

    record Item<T>(ConsumerRecord<byte[], byte[]> record, T value) {}

    record Rejected<T>(Item<T> item, String reason) {}
}
