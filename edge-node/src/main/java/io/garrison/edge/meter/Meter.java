package io.garrison.edge.meter;

import io.garrison.protocol.MeterAck;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.protocol.MeterRecord.Source;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The meter of one instance. Registers only grow within an epoch; a record is an absolute reading of them, so it may
 * come twice, late or never without any total going wrong.
 *
 * <p>Each reading ends with the registers and the counters that they stand for on the disk, in one piece. After a crash
 * of the agent the counters have gone on, and the next reading adds what is missing. After a restart of the machine they
 * have not: the epoch is ended with what was on the disk, at most one second of traffic short, and marked so. An epoch
 * in which something may have gone uncounted ends with its bucket, so that the doubt stays within five minutes.
 *
 * <p>Not thread-safe.
 */
public final class Meter {

    private final UUID instance;
    private final MeterDisk disk;
    private final LongSupplier nonces;
    private final String bootId;
    private final Map<Key, Register> registers = new HashMap<>();
    private final WorkerFold workers;
    private final KernelFold kernel;
    private final BucketClock clock;
    private final List<MeterRecord> unwritten = new ArrayList<>();
    private final long firstEpoch;
    private Counts total = Counts.ZERO;
    private boolean baseline;
    private boolean resumed;

    private record Key(String service, Source source) {}

    /**
     * Goes on where the state on the disk ends.
     *
     * @param bootId identifies the run of the kernel
     * @param nonces random numbers
     * @throws IOException if the end of former epochs can't be made durable
     */
    public Meter(UUID instance, MeterDisk disk, LongSupplier nonces, String bootId, Instant wall, long monoNanos)
            throws IOException {
        this.instance = instance;
        this.disk = disk;
        this.nonces = nonces;
        this.bootId = bootId;
        var former = disk.load().map(bytes -> ProtocolJson.read(bytes, MeterState.class));
        // Epochs of a lost state are unknown; seconds since 1970 are above all that it can have used.
        this.firstEpoch = disk.lost() ? wall.getEpochSecond() : 0;
        this.baseline = disk.lost();
        if (former.isEmpty()) {
            this.workers = new WorkerFold(Map.of(), Map.of());
            this.kernel = new KernelFold(Map.of(), Set.of(), Set.of());
            this.clock = new BucketClock(wall, monoNanos);
            return;
        }
        var state = former.get();
        boolean sameBoot = state.bootId().equals(bootId);
        var at = Instant.ofEpochMilli(state.atMillis());
        this.resumed = sameBoot;
        this.workers =
                sameBoot ? new WorkerFold(state.workers(), state.departed()) : new WorkerFold(Map.of(), Map.of());
        this.kernel = sameBoot
                ? new KernelFold(state.kernel(), state.proxied(), state.settled())
                : new KernelFold(Map.of(), Set.of(), Set.of());
        this.clock = new BucketClock(at, sameBoot ? state.monoNanos() : monoNanos);
        unwritten.addAll(state.unwritten());
        for (var saved : state.registers()) {
            var register = Register.of(instance, saved, clock.monoNanos());
            registers.put(new Key(saved.service(), saved.source()), register);
            if (!sameBoot && register.isOpen()) {
                register.mayHaveMissed();
                unwritten.add(register.record(Kind.FINAL, at));
                register.addActive(0, false);
            }
        }
        persist();
    }

    /**
     * Takes a reading; called every second. Writes CLOSE records when a bucket has ended.
     *
     * @throws IOException if the disk fails; nothing is lost as long as this process lives, and the next call tries again
     */
    public void read(Snapshot snapshot) throws IOException {
        fold(snapshot);
        persist();
    }

    /**
     * Takes a reading and writes a record for every register that has moved since its last one.
     *
     * @return the open registers with the sequence numbers that hold everything counted so far
     */
    public List<MeterAck> flush(Snapshot snapshot) throws IOException {
        fold(snapshot);
        open().filter(Register::moved).forEach(register -> unwritten.add(register.record(Kind.CLOSE, clock.at())));
        persist();
        return open().map(Register::position)
                .filter(position -> position.sequence() > 0)
                .toList();
    }

    /**
     * Ends every register with what was read last: the instance counts no more.
     *
     * @param whole whether nothing can have passed since
     */
    public void end(boolean whole) throws IOException {
        if (!whole || baseline) {
            open().forEach(Register::mayHaveMissed);
        }
        open().toList().forEach(register -> unwritten.add(register.record(Kind.FINAL, clock.at())));
        persist();
    }

    /**
     * Ends every register with what the kernel has counted since.
     *
     * @param whole whether nothing can have passed that it has not
     */
    public void end(Instant wall, long monoNanos, Map<String, Counts> counted, boolean whole) throws IOException {
        var lastAt = clock.at();
        clock.advance(wall, monoNanos);
        long bucket = MeterRecord.bucketOf(clock.at());
        closeBuckets(bucket, lastAt);
        var last = new Snapshot(wall, monoNanos, Map.of(), List.of(), counted);
        kernel.fold(last, baseline).increments().forEach((service, more) -> {
            if (more.bytes() > 0) {
                openRegister(service, Source.KERNEL, bucket).add(more);
            }
        });
        end(whole);
    }

    /** The services that the kernel may have counted. */
    public Set<String> services() {
        return kernel.services();
    }

    /**
     * What the meter of another instance goes on from, if it takes over the data plane as it runs: it counts what comes
     * after the last reading of this one, and nothing from before it. The kernel's counters are of one instance and begin
     * anew; what HAProxy counts of a service until they have begun is HAProxy's.
     *
     * @param settled whether this one has billed what the kernel has counted since its last reading
     */
    public byte[] inheritance(boolean settled) {
        return ProtocolJson.write(MeterState.inherited(bootId, clock, workers, kernel, settled));
    }

    /** Everything that was counted since this meter was made, of all services. */
    public Counts total() {
        return total;
    }

    private void fold(Snapshot snapshot) {
        var lastAt = clock.at();
        boolean ran = resumed
                ? workers.knowsAny(snapshot.workers())
                : !snapshot.workers().isEmpty();
        resumed = false;
        long elapsed = clock.advance(snapshot.wall(), snapshot.monoNanos());
        long bucket = MeterRecord.bucketOf(clock.at());
        closeBuckets(bucket, lastAt);

        var fold = workers.fold(snapshot.workers(), baseline);
        var bytes = kernel.fold(snapshot, baseline);
        bytes.restarted().stream()
                .map(service -> registers.get(new Key(service, Source.KERNEL)))
                .filter(register -> register != null && register.isOpen())
                .forEach(register -> endEpoch(register, clock.at()));
        var doubted = new HashSet<>(bytes.resumed());
        doubted.addAll(snapshot.doubted());
        open().filter(register -> register.isActive() && snapshot.countsElsewhere(register))
                .forEach(register -> doubted.add(register.service()));
        fold.uncertain().forEach(service -> ofService(service).forEach(Register::mayHaveMissed));
        fold.restarted().forEach(service -> ofService(service).forEach(register -> endEpoch(register, lastAt)));

        snapshot.active().forEach((service, source) -> openRegister(service, source, bucket));
        fold.increments().forEach((service, more) -> {
            if (!more.equals(Counts.ZERO) || ofService(service).findAny().isPresent()) {
                var source = bytes.sourceOf(service, snapshot, sourceOf(service));
                boolean billed = source == Source.PROXY && bytes.settled().contains(service);
                doubted.addAll(billed ? Set.of(service) : Set.of());
                add(service, source, billed ? more.withBytesOf(Counts.ZERO) : more, bucket);
            }
        });
        bytes.increments().forEach((service, more) -> {
            if (snapshot.active().get(service) == Source.KERNEL || more.bytes() > 0) {
                openRegister(service, Source.KERNEL, bucket).add(more);
                total = total.plus(more);
            }
        });
        // The kernel and HAProxy are not read at one moment.
        doubted.forEach(service -> ofService(service).forEach(Register::mayHaveMissed));
        if (baseline) {
            open().forEach(Register::mayHaveMissed);
            baseline = false;
        }
        open().toList().forEach(register -> {
            boolean active = snapshot.active().get(register.service()) == register.source();
            register.addActive(ran ? elapsed : 0, active || snapshot.countsElsewhere(register));
            register.measurePeak(snapshot.monoNanos());
            if (!active && !snapshot.countsStill(register)) {
                unwritten.add(register.record(Kind.FINAL, clock.at()));
                register.addActive(0, false);
            }
        });
    }

    /** The bytes of a service that the kernel counts are the kernel's; everything else is HAProxy's. */
    private void add(String service, Source source, Counts more, long bucket) {
        var increment = source == Source.KERNEL ? more.withBytesOf(Counts.ZERO) : more;
        openRegister(service, source, bucket).add(increment);
        total = total.plus(increment);
    }

    private void closeBuckets(long bucket, Instant lastAt) {
        open().filter(register -> register.bucket() < bucket).toList().forEach(register -> {
            if (!register.exact()) {
                boolean wasActive = register.isActive();
                unwritten.add(register.record(Kind.FINAL, lastAt));
                register.begin(nonces.getAsLong(), bucket, clock.monoNanos());
                register.addActive(0, wasActive);
                return;
            }
            if (register.moved()) {
                unwritten.add(register.record(Kind.CLOSE, lastAt));
            }
            register.enter(bucket);
        });
    }

    private void endEpoch(Register register, Instant at) {
        register.mayHaveMissed();
        unwritten.add(register.record(Kind.FINAL, at));
    }

    private Register openRegister(String service, Source source, long bucket) {
        var register = registers.computeIfAbsent(
                new Key(service, source), key -> new Register(instance, service, source, firstEpoch));
        if (!register.isOpen()) {
            register.begin(nonces.getAsLong(), bucket, clock.monoNanos());
        }
        return register;
    }

    private Source sourceOf(String service) {
        return ofService(service).map(Register::source).findFirst().orElse(Source.PROXY);
    }

    private Stream<Register> ofService(String service) {
        return open().filter(register -> register.service().equals(service));
    }

    private Stream<Register> open() {
        return registers.values().stream().filter(Register::isOpen);
    }

    /** First the state with the records in it, then the log: whatever breaks off, no number is given out twice. */
    private void persist() throws IOException {
        disk.save(ProtocolJson.write(new MeterState(
                bootId,
                clock.at().toEpochMilli(),
                clock.monoNanos(),
                registers.values().stream().map(Register::saved).toList(),
                workers.seen(),
                workers.departed(),
                kernel.counters(),
                kernel.proxied(),
                kernel.settled(),
                List.copyOf(unwritten))));
        if (!unwritten.isEmpty()) {
            disk.append(List.copyOf(unwritten));
            unwritten.clear();
        }
    }
}
