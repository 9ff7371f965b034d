package io.garrison.edge.ha;

import io.garrison.edge.events.EventJournal;
import io.garrison.edge.ha.bypass.NoBypass;
import io.garrison.edge.ha.keepalived.HaFiles;
import io.garrison.edge.ha.keepalived.Notice;
import io.garrison.edge.haproxy.ClosingConnections;
import io.garrison.edge.haproxy.HaproxySockets;
import io.garrison.edge.testing.HaValues;
import io.garrison.edge.testing.MovedClock;
import io.garrison.protocol.Availability.Fault;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.InstancePlan.Member;
import io.garrison.protocol.VirtualRouter;
import io.garrison.protocol.VirtualRouter.VirtualAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A holder of one router, without keepalived: its time, its traffic and its management are the test's. */
final class JudgedInstance implements AutoCloseable {

    static final Duration SILENCE = Duration.ofSeconds(15);

    final MovedClock clock = new MovedClock();
    final Health health;
    final Flapping flapping;
    final Changes changes;
    final HaFiles files;
    long now;
    long bytes;

    @Nullable
    Instant contact;

    private final HaThread thread;
    private final Watched watched;
    private final Latches latches;
    private final InstancePlan plan;

    JudgedInstance(Path directory, HaValues values) throws IOException {
        this(directory, values, 150);
    }

    /** @param priority more than 100 where it is meant to hold its router */
    JudgedInstance(Path directory, HaValues values, int priority) throws IOException {
        files = new HaFiles(directory);
        files.create();
        var parts = new HaParts(
                directory,
                HaproxySockets.of(directory),
                new NoBypass(),
                List::of,
                (addresses, each) -> false,
                () -> bytes,
                () -> contact,
                () -> false,
                SILENCE,
                () -> 0,
                new EventJournal(clock, () -> {}),
                () -> {},
                () -> {},
                clock);
        plan = plan(values, priority);
        thread = new HaThread(() -> now);
        watched = new Watched(new Roles(clock), new Steering(files), new Faults(clock));
        watched.steering().prepare(plan.routers());
        watched.roles().follow(plan.routers());
        watched.roles().change("web", Notice.Kind.MASTER);
        latches = new Latches(files.latches());
        health = new Health(thread, watched, latches, parts);
        flapping = new Flapping(watched, latches, new Passing(watched, latches, parts), parts);
        var lingering = new Lingering(thread, files, watched, new ClosingConnections(parts.haproxy()));
        changes = new Changes(watched, flapping, new HandOvers(watched.roles()), lingering, parts);
    }

    /** With so many bytes of clients in each second. */
    void seconds(int seconds, long bytesPerSecond) throws IOException {
        for (int i = 0; i < seconds; i++) {
            now += 1_000;
            bytes += bytesPerSecond;
            health.lookAtBandwidth(plan);
            flapping.look(plan, now);
        }
    }

    /** Somebody else says that it holds this router. */
    void hearsOfAnotherHolder(String router) throws IOException {
        changes.noticed(plan, new Notice(router, Notice.Kind.OTHER_HOLDER), now);
    }

    /** As keepalived says. */
    void becomes(Notice.Kind kind) throws IOException {
        changes.noticed(plan, new Notice("web", kind), now);
    }

    /** Its router goes to a peer and comes back. */
    void flap() throws IOException {
        becomes(Notice.Kind.FAULT);
        becomes(Notice.Kind.BACKUP);
        becomes(Notice.Kind.MASTER);
    }

    List<String> faults() {
        return watched.faults().told().stream().map(Fault::code).toList();
    }

    /** What keepalived reads. */
    int weight() throws IOException {
        return Integer.parseInt(Files.readString(files.steering()).strip());
    }

    private static InstancePlan plan(HaValues values, int priority) {
        var own = new UUID(0, 1);
        var address = new VirtualAddress("10.98.22.100", 24, null);
        var router = new VirtualRouter("web", 51, "e0", List.of(address), priority, true, 3, null, null, null);
        return new InstancePlan(
                InstancePlan.VERSION,
                1,
                own,
                own,
                own,
                Instant.EPOCH,
                values.build(),
                List.of(router),
                List.of(),
                List.of(
                        new Member(own, "one", "10.98.22.11", 10_101, true),
                        new Member(new UUID(0, 2), "two", "10.98.22.12", 10_101, false)));
    }

    @Override
    public void close() {
        thread.close();
    }
}
