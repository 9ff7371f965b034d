package io.garrison.reporting.ingest;

import io.garrison.reporting.ingest.BatchSink.Item;
import io.garrison.reporting.ingest.BatchSink.Rejected;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.TenantDirectory;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantState;
import io.garrison.tenancy.TenantSummary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes one poll: the sink's rows and the new offsets in one transaction. Records that can never be taken are buried
 * before, so that a commit never leaves one behind unburied. Records of tenants that are gone, or about to be, are left
 * out: what was still on its way when a tenant was erased must not come back.
 */
@Component
public class BatchWriter {

    private final TransactionTemplate transactions;
    private final OffsetStore offsets;
    private final DeadLetters deadLetters;
    private final TenantDirectory tenants;

    public BatchWriter(
            TransactionTemplate transactions, OffsetStore offsets, DeadLetters deadLetters, TenantDirectory tenants) {
        this.transactions = transactions;
        this.offsets = offsets;
        this.deadLetters = deadLetters;
        this.tenants = tenants;
    }

    /** Where to go on, for partitions with these first offsets. */
    public Map<TopicPartition, Long> positions(Map<TopicPartition, Long> beginnings) {
        return ProviderScope.call(() -> transactions.execute(status -> offsets.load(beginnings)));
    }

    /** Continues at an offset that is not the next one, because records are gone from the topic. */
    public void jump(TopicPartition partition, long from, long to) {
        ProviderScope.run(() -> transactions.executeWithoutResult(status -> offsets.advance(partition, from, to)));
    }

    /**
     * Takes the records and advances {@code positions}, which is changed only after the commit.
     *
     * @throws OffsetStore.Fenced if another collector took one of the partitions; nothing was written then
     */
    public <T> void write(
            BatchSink<T> sink, List<ConsumerRecord<byte[], byte[]>> records, Map<TopicPartition, Long> positions) {
        var items = new ArrayList<Item<T>>(records.size());
        for (var record : records) {
            try {
                items.add(new Item<>(record, sink.decode(record.value())));
            } catch (BadRecord e) {
                deadLetters.bury(sink.topic(), record, e.reason());
            }
        }
        var current = ofTenants(sink, items);
        var rest = without(current, bury(sink, sink.deliver(current)));
        store(sink, rest, records, positions);
    }

    /** Those of the others were perhaps delivered before the tenant's deletion began, and come again after a failure. */
    private <T> List<Item<T>> ofTenants(BatchSink<T> sink, List<Item<T>> items) {
        if (items.isEmpty()) {
            return items;
        }
        var present = tenants.among(senders(sink, items)).stream()
                .filter(tenant -> tenant.state() != TenantState.DELETING)
                .map(TenantSummary::id)
                .collect(Collectors.toSet());
        return retracted(sink, items, present);
    }

    private static <T> Set<TenantId> senders(BatchSink<T> sink, List<Item<T>> items) {
        return items.stream()
                .map(item -> new TenantId(sink.tenantOf(item.value())))
                .collect(Collectors.toSet());
    }

    private static <T> List<Item<T>> retracted(BatchSink<T> sink, List<Item<T>> items, Set<TenantId> present) {
        var parts = items.stream()
                .collect(
                        Collectors.partitioningBy(item -> present.contains(new TenantId(sink.tenantOf(item.value())))));
        var gone = parts.getOrDefault(false, List.of());
        if (!gone.isEmpty()) {
            sink.retract(gone);
        }
        return parts.getOrDefault(true, List.of());
    }

    /** The deletion of a tenant began after its records were found to be of one that is there. */
    private static final class Leaving extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Set<TenantId> present;

        Leaving(Set<TenantId> present) {
            super("a tenant is being deleted");
            this.present = present;
        }
    }

    private <T> void store(
            BatchSink<T> sink,
            List<Item<T>> items,
            List<ConsumerRecord<byte[], byte[]>> records,
            Map<TopicPartition, Long> positions) {
        var ends = ends(records);
        var rest = items;
        var known = new ArrayList<Rejected<T>>();
        while (true) {
            var batch = rest;
            try {
                var rejected = attempt(sink, batch, known, ends, positions);
                if (rejected.isEmpty()) {
                    positions.putAll(ends);
                    return;
                }
                rest = without(batch, bury(sink, rejected));
                known.addAll(rejected);
            } catch (Leaving leaving) {
                rest = retracted(sink, batch, leaving.present);
            } catch (DataIntegrityViolationException e) {
                if (records.size() == 1) {
                    deadLetters.bury(sink.topic(), records.getFirst(), "rejected-by-database");
                    rest = List.of();
                    continue;
                }
                halves(sink, batch, records, positions);
                return;
            }
        }
    }

    /** Finds the one record that the database does not take, without keeping its neighbours waiting. */
    private <T> void halves(
            BatchSink<T> sink,
            List<Item<T>> items,
            List<ConsumerRecord<byte[], byte[]>> records,
            Map<TopicPartition, Long> positions) {
        var middle = records.size() / 2;
        for (var half : List.of(records.subList(0, middle), records.subList(middle, records.size()))) {
            var members = new HashSet<>(half);
            store(
                    sink,
                    items.stream()
                            .filter(item -> members.contains(item.record()))
                            .toList(),
                    half,
                    positions);
        }
    }

    private <T> List<Rejected<T>> attempt(
            BatchSink<T> sink,
            List<Item<T>> batch,
            List<Rejected<T>> known,
            Map<TopicPartition, Long> ends,
            Map<TopicPartition, Long> positions) {
        return ProviderScope.call(() -> transactions.execute(status -> {
            requirePresent(sink, batch);
            var rejected = batch.isEmpty() ? List.<Rejected<T>>of() : sink.store(batch);
            if (!rejected.isEmpty()) {
                status.setRollbackOnly();
                return rejected;
            }
            if (!known.isEmpty()) {
                sink.note(known);
            }
            ends.forEach((partition, end) -> offsets.advance(partition, position(positions, partition), end));
            return rejected;
        }));
    }

    /** From here to the commit none of their tenants begins to be deleted, so its erasure finds what is written now. */
    private <T> void requirePresent(BatchSink<T> sink, List<Item<T>> batch) {
        if (batch.isEmpty()) {
            return;
        }
        var senders = senders(sink, batch);
        var present = tenants.keep(senders);
        if (present.size() < senders.size()) {
            throw new Leaving(present);
        }
    }

    private <T> List<Rejected<T>> bury(BatchSink<T> sink, List<Rejected<T>> rejected) {
        for (var each : rejected) {
            deadLetters.bury(sink.topic(), each.item().record(), each.reason());
        }
        return rejected;
    }

    private static <T> List<Item<T>> without(List<Item<T>> items, List<Rejected<T>> rejected) {
        if (rejected.isEmpty()) {
            return items;
        }
        var gone = new HashSet<ConsumerRecord<byte[], byte[]>>();
        rejected.forEach(each -> gone.add(each.item().record()));
        return items.stream().filter(item -> !gone.contains(item.record())).toList();
    }

    private static Map<TopicPartition, Long> ends(List<ConsumerRecord<byte[], byte[]>> records) {
        var ends = new HashMap<TopicPartition, Long>();
        for (var record : records) {
            ends.merge(new TopicPartition(record.topic(), record.partition()), record.offset() + 1, Math::max);
        }
        return ends;
    }

    private static long position(Map<TopicPartition, Long> positions, TopicPartition partition) {
        var position = positions.get(partition);
        if (position == null) {
            throw new IllegalStateException("a record of " + partition + ", which is not ours");
        }
        return position;
    }
}
