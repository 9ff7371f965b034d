package io.garrison.edge.meter;

import io.garrison.protocol.MeterAck;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.protocol.MeterRecord.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The registers of a meter. Of a service that is gone for good nothing is kept but its last epoch, which must not be given
 * out twice; of the services that went long ago only the highest of these.
 */
final class Registers {

    /** They are written with every reading. */
    static final int MOST_RETIRED = 200;

    private final UUID instance;
    private final Map<Key, Register> all = new HashMap<>();
    private final LinkedHashMap<UUID, Long> retired = new LinkedHashMap<>();
    private final LongSupplier nonces;
    private long lowest;

    private record Key(String service, Source source) {}

    /**
     * @param nonces random numbers
     * @param lowest epochs up to this one may have been used by any stream that is not known
     * @param retired last epochs of streams that are gone, the newest last
     */
    Registers(UUID instance, LongSupplier nonces, long lowest, Map<UUID, Long> retired) {
        this.instance = instance;
        this.nonces = nonces;
        this.lowest = lowest;
        this.retired.putAll(retired);
    }

    void add(Register register) {
        all.put(new Key(register.service(), register.source()), register);
    }

    /** Of a service and source, open or not; made if there is none. */
    private Register of(String service, Source source) {
        return all.computeIfAbsent(new Key(service, source), key -> {
            var former = retired.remove(MeterRecord.streamOf(instance, service, source));
            return new Register(instance, service, source, former == null ? lowest : former);
        });
    }

    /** One that is open, in a new epoch if it was not. */
    Register open(String service, Source source, Span span) {
        var register = of(service, source);
        if (!register.isOpen()) {
            register.begin(nonces.getAsLong(), span.bucket(), span.fromNanos());
        }
        return register;
    }

    /**
     * Lets every open register enter the bucket that has begun. One that is in doubt begins a new epoch with it. Nobody knows
     * what of a pause was counted before its end, so that puts in doubt too; the epoch goes on until the next boundary then,
     * so that the pause is spread over the buckets that have passed.
     *
     * <p>If time was wrong, every epoch ends where it goes on: nothing that was counted stays in a future that management
     * does not take.
     *
     * @param serves whose service time goes on
     * @return the records of what has ended
     */
    List<MeterRecord> enterBucket(Span span, Predicate<Register> serves) {
        var records = new ArrayList<MeterRecord>();
        if (span.isBack()) {
            open().toList().forEach(register -> {
                register.mayHaveMissed();
                register.moveBack(span.bucket());
                records.add(endAndBegin(register, span));
                register.mayHaveMissed();
            });
            return records;
        }
        open().filter(register -> register.bucket() < span.bucket()).toList().forEach(register -> {
            boolean wasExact = register.exact();
            if (span.isPause()) {
                register.mayHaveMissed();
                register.addActiveOfFormerBucket(serves.test(register) ? span.nanosOfFirstBucket() : 0);
            } else if (!wasExact) {
                records.add(endAndBegin(register, span));
                return;
            }
            if (register.moved() || wasExact != register.exact()) {
                records.add(register.record(Kind.CLOSE, span.from()));
            }
            register.enter(span.bucket());
        });
        return records;
    }

    /**
     * What has numbers that were never given out here was counted by this machine before it was set back with its memory,
     * or by a copy of it. Counting goes on behind it, in doubt, or it would be taken for what is known already; within one bucket
     * once, so that copies that meet do not make epochs without end.
     *
     * @return the records of what has ended
     */
    List<MeterRecord> giveWay(List<MeterAck> committed, Span span) {
        var records = new ArrayList<MeterRecord>();
        var byStream = new HashMap<UUID, Register>();
        if (!committed.isEmpty()) {
            all().forEach(register -> byStream.put(register.stream(), register));
        }
        for (var ack : committed) {
            retired.computeIfPresent(ack.stream(), (stream, epoch) -> Math.max(epoch, ack.epoch()));
            var register = byStream.get(ack.stream());
            if (register != null && register.isBehind(ack)) {
                register.mayHaveMissed();
                if (register.givesWayTo(ack.epoch(), span.bucket()) && register.isOpen()) {
                    records.add(endAndBegin(register, span));
                    register.mayHaveMissed();
                }
            }
        }
        return records;
    }

    private MeterRecord endAndBegin(Register register, Span span) {
        boolean wasActive = register.isActive();
        var last = register.record(Kind.FINAL, span.start());
        register.begin(nonces.getAsLong(), span.bucket(), span.fromNanos());
        register.addActive(0, wasActive);
        return last;
    }

    Stream<Register> all() {
        return all.values().stream();
    }

    Stream<Register> open() {
        return all().filter(Register::isOpen);
    }

    List<Register> moved() {
        return open().filter(Register::moved).toList();
    }

    /** Of the open ones that have a record. */
    List<MeterAck> positions() {
        return open().map(Register::position)
                .filter(position -> position.sequence() > 0)
                .toList();
    }

    Stream<Register> open(String service) {
        return open().filter(register -> register.service().equals(service));
    }

    /** Whose bytes those of a service are that does not serve. */
    Source sourceOf(String service) {
        return open(service).map(Register::source).findFirst().orElse(Source.PROXY);
    }

    /** Services that have no open register, and of which each record is where it belongs. */
    List<String> gone(Set<UUID> waiting) {
        return all().map(Register::service)
                .distinct()
                .filter(service -> all().filter(register -> register.service().equals(service))
                        .noneMatch(register -> register.isOpen() || waiting.contains(register.stream())))
                .toList();
    }

    void retire(String service) {
        for (var source : Source.values()) {
            var register = all.remove(new Key(service, source));
            if (register != null) {
                retired.put(register.stream(), register.epoch());
            }
        }
        while (retired.size() > MOST_RETIRED) {
            lowest = Math.max(lowest, retired.pollFirstEntry().getValue());
        }
    }

    /** Below this no new stream begins. */
    long lowest() {
        return lowest;
    }

    /** In the order in which they went. */
    Map<UUID, Long> retired() {
        return new LinkedHashMap<>(retired);
    }
}
