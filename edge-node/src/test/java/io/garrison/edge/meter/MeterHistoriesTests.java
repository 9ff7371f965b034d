package io.garrison.edge.meter;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Random lives of an instance: traffic, reloads, kills of the agent in every place of its writing, kills of HAProxy,
 * workers that cannot be read for a while, reboots, clocks set back; records that are lost, repeated and reordered on
 * their way. HC-21, quality I1 and I2.
 */
class MeterHistoriesTests {

    private static final int HISTORIES = 4_000;
    private static final List<String> SERVICES = List.of("shop", "mail");

    /** The longest that a reading may come late without a doubt, and the time between two. */
    private static final Duration TICK = Span.LONGEST_TICK.plusSeconds(1);

    /** What management takes. */
    private static final Duration EARLY = Duration.ofMinutes(10);

    @Test
    void billsWhatWasCountedAndNeverMoreInEveryHistory() {
        var kills = new LongAdder();
        var silences = new LongAdder();
        var inexact = new LongAdder();
        forEach(HISTORIES, seed -> {
            var world = new World(seed);
            world.live(120 + seed % 200);
            world.deliverEverything();

            for (var service : SERVICES) {
                var expected = world.truth.get(service).minus(world.missed.get(service));
                assertThat(world.ledger.total(service))
                        .as("%s, seed %d", service, seed)
                        .isEqualTo(expected);
                if (world.ledger.exact(service)) {
                    assertThat(world.missed.get(service))
                            .as("exact, seed %d", seed)
                            .isEqualTo(Counts.ZERO);
                } else {
                    inexact.increment();
                }
            }
            assertThat(world.ledger.hasGaps()).as("gaps, seed %d", seed).isFalse();
            world.ledger.requireGrowth();
            world.requireRatesAndTimes();
            kills.add(world.kills);
            silences.add(world.silences);
        });
        assertThat(kills.sum()).as("agents killed").isGreaterThan(HISTORIES);
        assertThat(silences.sum()).as("workers that were not read and lived on").isGreaterThan(HISTORIES);
        assertThat(inexact.sum()).as("histories with a doubt").isGreaterThan(HISTORIES / 10);
    }

    @Test
    void keepsEveryEpochExactThroughReloadsAlone() {
        var reloads = new LongAdder();
        forEach(HISTORIES / 10, seed -> {
            var world = new World(seed);
            world.reloadsOnly = true;
            world.live(120 + seed % 200);
            world.deliverEverything();

            for (var service : SERVICES) {
                assertThat(world.ledger.total(service))
                        .as("%s, seed %d", service, seed)
                        .isEqualTo(world.truth.get(service));
                assertThat(world.ledger.exact(service))
                        .as("exact, seed %d", seed)
                        .isTrue();
                assertThat(world.ledger.epochs(service))
                        .as("epochs, seed %d", seed)
                        .isEqualTo(1);
            }
            reloads.add(world.reloads);
        });
        assertThat(reloads.sum()).isGreaterThan(HISTORIES / 10);
    }

    /** The kernel counts on while HAProxy is asked, as it does when the setting changes or nft fails. ADR 4. */
    @Test
    void changesTheSourceOfTheBytesAndNeverTheirSum() {
        var switches = new LongAdder();
        var kills = new LongAdder();
        forEach(HISTORIES / 4, seed -> {
            var world = new World(seed);
            world.switching = true;
            world.live(120 + seed % 200);
            world.deliverEverything();

            for (var service : SERVICES) {
                assertThat(world.ledger.total(service))
                        .as("%s, seed %d", service, seed)
                        .isEqualTo(world.truth.get(service));
            }
            world.ledger.requireGrowth();
            world.requireRatesAndTimes();
            switches.add(world.switches);
            kills.add(world.kills);
        });
        assertThat(switches.sum()).isGreaterThan(HISTORIES);
        assertThat(kills.sum()).isGreaterThan(HISTORIES / 4);
    }

    /** Services are renamed and come back; what is kept of them in between is a number. */
    @Test
    void billsWhatWasCountedOfServicesThatWereForgotten() {
        var retired = new LongAdder();
        forEach(HISTORIES / 4, seed -> {
            var world = new World(seed);
            world.leaving = true;
            world.live(120 + seed % 200);
            world.deliverEverything();

            for (var service : SERVICES) {
                assertThat(world.ledger.total(service))
                        .as("%s, seed %d", service, seed)
                        .isEqualTo(world.truth.get(service).minus(world.missed.get(service)));
            }
            world.ledger.requireGrowth();
            world.requireRatesAndTimes();
            retired.add(world.retired);
        });
        assertThat(retired.sum()).isGreaterThan(HISTORIES);
    }

    /** Histories have nothing in common, so each processor takes its part of them. */
    private static void forEach(int histories, History history) {
        IntStream.range(0, histories).parallel().forEach(seed -> {
            try {
                history.of(seed);
            } catch (IOException e) {
                throw new UncheckedIOException("seed " + seed, e);
            }
        });
    }

    private interface History {
        void of(int seed) throws IOException;
    }

    /** What really happened, which no product code sees. */
    private static final class World {

        final Random random;
        final ScriptedDisk disk = new ScriptedDisk();
        final Ledger ledger = new Ledger();
        final Map<String, Counts> truth = new HashMap<>();
        final Map<String, Counts> missed = new HashMap<>();
        final List<Worker> workers = new ArrayList<>();
        final Map<String, Map<String, Counts>> durable = new HashMap<>();
        final UUID instance;
        /** Ended since the last reading; told once, unless the agent is killed before. */
        final List<Worker> replaced = new ArrayList<>();

        final List<Snapshot.Worker> killed = new ArrayList<>();
        final Set<String> silent = new HashSet<>();
        final Map<String, Counts> kernel = new HashMap<>();
        boolean reloadsOnly;
        boolean switching;
        boolean leaving;
        private final Set<String> gone = new HashSet<>();
        int retired;
        private Source source = Source.PROXY;
        int switches;
        int kills;
        int reloads;
        int silences;
        final Map<String, List<Passed>> passed = new HashMap<>();
        /** Nobody touches the clock. */
        private final boolean steady;
        /** Management says what time it is. */
        private final boolean managed;

        private int nextPid = 100;
        private int boot = 1;
        private long mono = 1_000_000_000L;
        private Instant wall = Instant.parse("2026-11-01T00:03:00Z");
        private Instant real = wall;
        private Meter meter;
        private Snapshot last;

        /** Bytes that passed at a time. */
        record Passed(String worker, int boot, long monoNanos, Instant wall, long bytes) {}

        static final class Worker {
            final String id;
            boolean stopping;
            long open;
            final Map<String, Counts> counts = new HashMap<>();

            Worker(String id) {
                this.id = id;
                SERVICES.forEach(service -> counts.put(service, Counts.ZERO));
            }

            Snapshot.Worker reading(boolean complete) {
                return new Snapshot.Worker(id, stopping, complete, complete, open, Map.copyOf(counts));
            }
        }

        World(int seed) throws IOException {
            random = new Random(seed);
            steady = seed % 2 == 0;
            managed = seed % 4 == 1;
            instance = new UUID(7, seed);
            SERVICES.forEach(service -> {
                truth.put(service, Counts.ZERO);
                missed.put(service, Counts.ZERO);
                kernel.put(service, Counts.ZERO);
            });
            disk.onSaved = () -> {
                if (last != null) {
                    last.workers().forEach(worker -> durable.put(worker.id(), worker.services()));
                }
            };
            begin();
            meter = open();
        }

        void live(int steps) throws IOException {
            for (int i = 0; i < steps; i++) {
                traffic();
                pass(1_000);
                if (random.nextInt(20) == 0) {
                    pause();
                }
                int event = random.nextInt(100);
                if (reloadsOnly && event >= 6) {
                    event = 100;
                }
                if (switching && event >= 4 && event < 17 && (event < 8 || event >= 14)) {
                    source = source == Source.PROXY ? Source.KERNEL : Source.PROXY;
                    switches++;
                    if (event < 6) {
                        restart();
                    }
                    event = 100;
                }
                if (event < 4) {
                    reload();
                } else if (event < 6) {
                    endStopping();
                } else if (event < 7) {
                    killProxy();
                } else if (event == 7) {
                    reboot();
                } else if (event < 14) {
                    disk.death = ScriptedDisk.Death.values()[1 + random.nextInt(4)];
                } else if (event < 17) {
                    silence();
                }
                act(random.nextInt(15) == 0);
                if (leaving) {
                    comeAndGo();
                }
                deliverSome();
                meter.committed(ledger.acks());
                for (var service : SERVICES) {
                    var total = ledger.total(service);
                    assertThat(truth.get(service).follows(total))
                            .as("never above the truth")
                            .isTrue();
                }
            }
        }

        /** Who goes has no client any more, and no worker that lists it, when it is forgotten. */
        private void comeAndGo() throws IOException {
            for (var service : SERVICES) {
                if (random.nextInt(30) == 0) {
                    if (!gone.remove(service)) {
                        gone.add(service);
                    }
                    reload();
                }
            }
            if (random.nextInt(4) == 0) {
                endStopping();
            }
            if (last != null && random.nextInt(3) == 0) {
                try {
                    meter.retire(Set.of(), service -> {
                        retired++;
                        return true;
                    });
                } catch (ScriptedDisk.Killed e) {
                    kills++;
                    restart();
                }
            }
        }

        private void traffic() {
            for (var worker : workers) {
                if (worker.stopping && worker.open == 0) {
                    continue;
                }
                for (var service : SERVICES) {
                    if (worker.counts.containsKey(service) && random.nextInt(3) == 0) {
                        var more = new Counts(
                                random.nextInt(5_000), random.nextInt(100_000), random.nextInt(9), random.nextInt(4));
                        worker.counts.merge(service, more, Counts::plus);
                        truth.merge(service, more, Counts::plus);
                        passed.computeIfAbsent(service, none -> new ArrayList<>())
                                .add(new Passed(worker.id, boot, mono, wall, more.bytes()));
                        kernel.merge(service, new Counts(more.bytesIn(), more.bytesOut(), 0, 0), Counts::plus);
                    }
                }
                worker.open = worker.stopping ? Math.max(0, worker.open - 1) : random.nextInt(3);
            }
        }

        private void pass(long millis) {
            mono += millis * 1_000_000;
            wall = wall.plusMillis(millis);
            real = real.plusMillis(millis);
            if (steady || random.nextInt(60) > 0) {
                return;
            }
            if (reloadsOnly) {
                wall = wall.minusSeconds(random.nextInt(2));
            } else if (managed && random.nextBoolean()) {
                wall = random.nextBoolean() ? real : wall.plus(Duration.ofHours(random.nextInt(1_000)));
            } else {
                wall = wall.minus(Duration.ofMinutes(random.nextInt(30)));
            }
        }

        /** Nobody reads for a while, the clients go on. */
        private void pause() {
            if (reloadsOnly) {
                pass(3_000);
                return;
            }
            for (int i = random.nextInt(10) == 0 ? 120 : 9; i > 0; i--) {
                traffic();
                pass(10_000);
            }
        }

        /**
         * A peak is the rate of one second that there was, or less; an hour has no more seconds than that; and of a bucket
         * that is told to be exact no more is in another one than what passed in a tick at its ends.
         */
        void requireRatesAndTimes() {
            var now = new Ledger();
            disk.log.stream()
                    .filter(record -> !record.at().isAfter(real.plus(EARLY)))
                    .forEach(now::receive);
            for (var service : SERVICES) {
                long most = mostInOneSecond(passed.getOrDefault(service, List.of()));
                assertThat(ledger.of(service))
                        .as("%s, instance %s", service, instance)
                        .allMatch(record -> record.peakBps() <= most * 8);
                if (managed) {
                    assertThat(now.total(service))
                            .as("nothing is too early for management")
                            .isEqualTo(ledger.total(service));
                }
                if (!steady) {
                    continue;
                }
                var hours = new HashMap<Long, Ledger.Usage>();
                ledger.byBucket(service).forEach((bucket, usage) -> {
                    hours.merge(bucket / 12, usage, Ledger.Usage::plus);
                    if (usage.exact()) {
                        requirePassed(service, bucket, usage.bytes());
                    }
                });
                // A pause is spread evenly, whatever part of its last bucket it has.
                assertThat(hours.values())
                        .as("%s, instance %s", service, instance)
                        .allMatch(hour -> hour.nanos()
                                <= TICK.plusHours(1)
                                        .plusMinutes(hour.exact() ? 0 : 5)
                                        .toNanos());
            }
        }

        private void requirePassed(String service, long bucket, long bytes) {
            var from = Instant.ofEpochSecond(bucket * MeterRecord.BUCKET_SECONDS);
            var to = from.plusSeconds(MeterRecord.BUCKET_SECONDS);
            assertThat(bytes)
                    .as("%s, bucket %s, instance %s", service, from, instance)
                    .isBetween(passed(service, from, to.minus(TICK)), passed(service, from.minus(TICK), to));
        }

        private long passed(String service, Instant from, Instant to) {
            return passed.getOrDefault(service, List.of()).stream()
                    .filter(each -> !each.wall().isBefore(from) && each.wall().isBefore(to))
                    .mapToLong(Passed::bytes)
                    .sum();
        }

        private static long mostInOneSecond(List<Passed> passed) {
            long most = 0;
            long sum = 0;
            int first = 0;
            for (var next : passed) {
                sum += next.bytes();
                while (passed.get(first).boot() != next.boot()
                        || next.monoNanos() - passed.get(first).monoNanos() >= 1_000_000_000L) {
                    sum -= passed.get(first++).bytes();
                }
                most = Math.max(most, sum);
            }
            return most;
        }

        private void begin() {
            var worker = new Worker("" + nextPid++);
            worker.counts.keySet().removeAll(gone);
            workers.add(worker);
        }

        private void reload() {
            reloads++;
            workers.forEach(worker -> worker.stopping = true);
            begin();
        }

        /** An old worker ends: read once more after its last client, or seen idle before, or cut off with clients. */
        private void endStopping() {
            workers.removeIf(worker -> {
                boolean idle = worker.stopping && worker.open == 0;
                if (idle && (reloadsOnly || random.nextInt(3) > 0)) {
                    replaced.add(worker);
                    return true;
                }
                boolean ends = worker.stopping && !reloadsOnly && (idle || random.nextInt(4) == 0);
                if (ends) {
                    kill(worker);
                }
                return ends;
            });
        }

        private void killProxy() {
            workers.forEach(this::kill);
            workers.clear();
            begin();
        }

        private void reboot() throws IOException {
            killProxy();
            replaced.forEach(this::lose);
            replaced.clear();
            killed.clear();
            boot++;
            mono = 500_000_000L;
            // What was durable belongs to workers of the former boot, which are gone.
            restart();
        }

        /** A worker that cannot be read this time is taken for dead, or not seen at all; it lives on. */
        private void silence() {
            var worker = workers.get(random.nextInt(workers.size()));
            silences++;
            silent.add(worker.id);
            if (last != null && random.nextBoolean()) {
                tellLast(worker);
            }
        }

        /** The agent tells what it read of the worker last; one that was started since does not know it. */
        private void kill(Worker worker) {
            lose(worker);
            if (last != null && random.nextBoolean()) {
                tellLast(worker);
            }
        }

        private void tellLast(Worker worker) {
            last.workers().stream()
                    .filter(reading -> reading.id().equals(worker.id) && !reading.last())
                    .forEach(reading ->
                            killed.add(new Snapshot.Worker(worker.id, true, true, false, 0, reading.services())));
        }

        private void lose(Worker worker) {
            var read = durable.getOrDefault(worker.id, Map.of());
            if (read.isEmpty()) { // nobody can know that there was such a worker
                passed.values()
                        .forEach(all -> all.removeIf(each -> each.worker().equals(worker.id)));
            }
            worker.counts.forEach((service, counted) ->
                    missed.merge(service, counted.minus(read.getOrDefault(service, Counts.ZERO)), Counts::plus));
        }

        private void act(boolean flush) throws IOException {
            var readings = new ArrayList<Snapshot.Worker>();
            replaced.forEach(worker -> readings.add(worker.reading(true)));
            readings.addAll(killed);
            workers.stream()
                    .filter(worker -> !silent.contains(worker.id))
                    .forEach(worker -> readings.add(worker.reading(false)));
            last = new Snapshot(
                    wall,
                    mono,
                    SERVICES.stream()
                            .filter(service -> !gone.contains(service))
                            .collect(Collectors.toMap(service -> service, service -> source)),
                    List.copyOf(readings),
                    source == Source.KERNEL ? Map.copyOf(kernel) : Map.of());
            var told = List.copyOf(replaced);
            replaced.clear();
            killed.clear();
            silent.clear();
            try {
                if (flush) {
                    meter.flush(last);
                } else {
                    meter.read(last);
                }
                told.forEach(this::lose);
            } catch (ScriptedDisk.Killed e) {
                told.forEach(this::lose);
                kills++;
                last = null;
                if (random.nextBoolean()) {
                    traffic();
                    pass(random.nextInt(30) * 1_000L);
                }
                restart();
            }
        }

        private void restart() throws IOException {
            disk.death = ScriptedDisk.Death.NONE;
            last = null;
            meter = open();
        }

        private Meter open() throws IOException {
            var opened = new Meter(instance, disk, random::nextLong, "boot-" + boot, wall, mono);
            if (managed) {
                opened.attest(real, mono);
                opened.attest(real, mono);
            }
            return opened;
        }

        /** Loses some, repeats some, in any order. */
        private void deliverSome() {
            for (int i = 0; i < 2 && !disk.log.isEmpty(); i++) {
                ledger.receive(disk.log.get(random.nextInt(disk.log.size())));
            }
        }

        void deliverEverything() throws IOException {
            disk.death = ScriptedDisk.Death.NONE;
            pass(1_000);
            act(true);
            disk.log.forEach(ledger::receive);
            disk.log.reversed().forEach(ledger::receive);
        }
    }
}
