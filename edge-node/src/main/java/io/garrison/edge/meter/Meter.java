package io.garrison.edge.meter;

import io.garrison.protocol.MeterAck;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.protocol.MeterRecord.Source;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * The meter of one instance. Registers only grow within an epoch; a record is an absolute reading of them, so it may
 * come twice, late or never without any total going wrong.
 *
 * <p>Each reading ends with the registers and the counters that they stand for on the disk, in one piece. After a crash
 * of the agent the counters have gone on, and the next reading adds what is missing. After a restart of the machine they
 * have not: the epoch is ended with what was on the disk, at most one second of traffic short, and marked so. An epoch
 * in which something may have gone uncounted ends with its bucket, so that the doubt stays within five minutes.
 *
 * <p>Not thread-safe, {@link #attest} and {@link #committed} apart.
 */
public final class Meter {

    private final MeterDisk disk;
    private final String bootId;
    private final Registers registers;
    private final WorkerFold workers;
    private final KernelFold kernel;
    private final BucketClock clock;
    private final List<MeterRecord> unwritten = new ArrayList<>();
    private Counts total = Counts.ZERO;
    private boolean baseline;
    private boolean resumed;
    private final AtomicReference<List<MeterAck>> committed = new AtomicReference<>(List.of());
    /** Nobody knows in what time was counted what the first reading finds. */
    private boolean first = true;

    /**
     * Goes on where the state on the disk ends.
     *
     * @param bootId identifies the run of the kernel
     * @param nonces random numbers
     * @throws IOException if the end of former epochs can't be made durable
     */
    public Meter(UUID instance, MeterDisk disk, LongSupplier nonces, String bootId, Instant wall, long monoNanos)
            throws IOException {
        this.disk = disk;
        this.bootId = bootId;
        var former = disk.load().map(bytes -> ProtocolJson.read(bytes, MeterState.class));
        this.baseline = disk.lost();
        if (former.isEmpty()) {
            // Epochs of a lost state are unknown; seconds since 1970 are above all that it can have used.
            this.registers = new Registers(instance, nonces, disk.lost() ? wall.getEpochSecond() : 0, Map.of());
            this.workers = new WorkerFold(Map.of(), Map.of());
            this.kernel = new KernelFold(Map.of(), Set.of(), Set.of());
            this.clock = new BucketClock(wall, monoNanos, false);
            return;
        }
        var state = former.get();
        boolean sameBoot = state.bootId().equals(bootId);
        var at = Instant.ofEpochMilli(state.atMillis());
        this.resumed = sameBoot;
        this.first = !sameBoot;
        this.workers =
                sameBoot ? new WorkerFold(state.workers(), state.departed()) : new WorkerFold(Map.of(), Map.of());
        this.kernel = sameBoot
                ? new KernelFold(state.kernel(), state.proxied(), state.settled())
                : new KernelFold(Map.of(), Set.of(), Set.of());
        this.clock = new BucketClock(at, sameBoot ? state.monoNanos() : monoNanos, sameBoot);
        this.registers = new Registers(instance, nonces, state.lowestEpoch(), state.retired());
        unwritten.addAll(state.unwritten());
        for (var saved : state.registers()) {
            var register = Register.of(instance, saved, clock.monoNanos());
            registers.add(register);
            if (!sameBoot && register.isOpen()) {
                register.mayHaveMissed();
                if (!BucketClock.isWrong(at, wall)) { // otherwise it ends where time goes on
                    unwritten.add(register.record(Kind.FINAL, at));
                }
                register.addActive(0, false);
            }
        }
        persist();
    }

    /** What management has of this instance's records. */
    public void committed(List<MeterAck> acks) {
        committed.set(List.copyOf(acks));
    }

    /** Management said just now what time it is there. Counts once it has said so twice: there may be several, and one wrong. */
    public void attest(Instant time, long monoNanos) {
        clock.attest(new Beacon(time, monoNanos));
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
        registers.moved().forEach(register -> unwritten.add(register.record(Kind.CLOSE, clock.at())));
        persist();
        return registers.positions();
    }

    /**
     * Ends every register with what was read last: the instance counts no more.
     *
     * @param whole whether nothing can have passed since
     */
    public void end(boolean whole) throws IOException {
        if (!whole || baseline) {
            registers.open().forEach(Register::mayHaveMissed);
        }
        registers.open().toList().forEach(register -> unwritten.add(register.record(Kind.FINAL, clock.at())));
        persist();
    }

    /**
     * Ends every register with what the kernel has counted since.
     *
     * @param whole whether nothing can have passed that it has not
     */
    public void end(Instant wall, long monoNanos, Map<String, Counts> counted, boolean whole) throws IOException {
        var span = clock.advance(wall, monoNanos);
        unwritten.addAll(registers.enterBucket(span, register -> false));
        var last = new Snapshot(wall, monoNanos, Map.of(), List.of(), counted);
        kernel.fold(last, baseline).increments().forEach((service, more) -> {
            if (more.bytes() > 0) {
                registers.open(service, Source.KERNEL, span).add(more);
            }
        });
        end(whole && !span.doubtful());
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

    /**
     * Forgets services that are gone: they serve no more, and each of their records is acknowledged. One that comes back
     * goes on behind its last epoch.
     *
     * @param waiting streams of which records are not acknowledged
     * @throws IOException if that can't be now, or the disk fails; what was not forgotten stays as it was
     */
    public void retire(Set<UUID> waiting, Release release) throws IOException {
        var gone = registers.gone(waiting);
        for (var service : gone) {
            if (release.release(service)) {
                kernel.forget(service);
                registers.retire(service);
            }
        }
        if (!gone.isEmpty()) {
            persist();
        }
    }

    /** Everything that was counted since this meter was made, of all services. */
    public Counts total() {
        return total;
    }

    private void fold(Snapshot snapshot) {
        boolean ran = resumed
                ? workers.knowsAny(snapshot.workers())
                : !snapshot.workers().isEmpty();
        resumed = false;
        var span = clock.advance(snapshot.wall(), snapshot.monoNanos());
        if (span.passesBoundary()) {
            kernel.unread().forEach(service -> registers.open(service).forEach(Register::mayHaveMissed));
            if (span.isPause() && !first) { // who is new may have served from its beginning on
                snapshot.active().forEach((service, source) -> registers.open(service, source, span.beginning()));
            }
        }
        unwritten.addAll(registers.enterBucket(span, register -> ran && snapshot.serves(register)));
        unwritten.addAll(registers.giveWay(committed.getAndSet(List.of()), span));

        var fold = workers.fold(snapshot.workers(), baseline);
        var bytes = kernel.fold(snapshot, baseline);
        bytes.restarted().stream()
                .flatMap(registers::open)
                .filter(register -> register.source() == Source.KERNEL)
                .toList()
                .forEach(register -> endEpoch(register, clock.at()));
        var doubted = new HashSet<>(bytes.resumed());
        doubted.addAll(snapshot.doubted());
        registers
                .open()
                .filter(register -> register.isActive() && snapshot.countsElsewhere(register))
                .forEach(register -> doubted.add(register.service()));
        fold.uncertain().forEach(service -> registers.open(service).forEach(Register::mayHaveMissed));
        fold.restarted()
                .forEach(service -> registers.open(service).forEach(register -> endEpoch(register, span.start())));

        snapshot.active().forEach((service, source) -> registers.open(service, source, span));
        fold.increments().forEach((service, more) -> {
            if (!more.equals(Counts.ZERO) || registers.open(service).findAny().isPresent()) {
                var source = bytes.sourceOf(service, snapshot, registers.sourceOf(service));
                boolean billed = source == Source.PROXY && bytes.settled().contains(service);
                doubted.addAll(billed ? Set.of(service) : Set.of());
                add(service, source, billed ? more.withBytesOf(Counts.ZERO) : more, span);
            }
        });
        bytes.increments().forEach((service, more) -> {
            if (snapshot.active().get(service) == Source.KERNEL || more.bytes() > 0) {
                registers.open(service, Source.KERNEL, span).add(more);
                total = total.plus(more);
            }
        });
        // The kernel and HAProxy are not read at one moment, and what is read late was counted in an earlier bucket
        // perhaps.
        var untimely = new HashSet<>(fold.late());
        untimely.addAll(bytes.late());
        doubted.addAll(untimely);
        untimely.addAll(fold.fresh());
        doubted.forEach(service -> registers.open(service).forEach(Register::mayHaveMissed));
        if (baseline || (span.isPause() && span.passesBoundary()) || span.doubtful()) {
            registers.open().forEach(Register::mayHaveMissed);
            baseline = false;
        }
        long nanos = ran ? span.nanos() - span.nanosOfFirstBucket() : 0;
        registers.open().toList().forEach(register -> {
            register.addActive(nanos, snapshot.serves(register));
            register.measurePeak(snapshot.monoNanos(), !first && !untimely.contains(register.service()));
            if (!snapshot.servesWith(register) && !snapshot.countsStill(register)) {
                unwritten.add(register.record(Kind.FINAL, clock.at()));
                register.addActive(0, false);
            }
        });
        first = false;
    }

    /** The bytes of a service that the kernel counts are the kernel's; everything else is HAProxy's. */
    private void add(String service, Source source, Counts more, Span span) {
        var increment = source == Source.KERNEL ? more.withBytesOf(Counts.ZERO) : more;
        registers.open(service, source, span).add(increment);
        total = total.plus(increment);
    }

    private void endEpoch(Register register, Instant at) {
        register.mayHaveMissed();
        unwritten.add(register.record(Kind.FINAL, at));
    }

    /** First the state with the records in it, then the log: whatever breaks off, no number is given out twice. */
    private void persist() throws IOException {
        disk.save(ProtocolJson.write(new MeterState(
                bootId,
                clock.at().toEpochMilli(),
                clock.monoNanos(),
                registers.all().map(Register::saved).toList(),
                registers.lowest(),
                registers.retired(),
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
