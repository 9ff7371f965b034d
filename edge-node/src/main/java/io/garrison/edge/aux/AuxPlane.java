package io.garrison.edge.aux;

import io.garrison.edge.haproxy.SharedTables;
import io.garrison.edge.haproxy.SharedTables.Beat;
import io.garrison.edge.haproxy.StackLink;
import io.garrison.protocol.Availability.Fault;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps blocks the same on all instances of the stack, and watches whether shared state arrives at all: each member
 * writes a sign of life into a table every second, and looks for those of the others.
 */
public final class AuxPlane implements AuxHealth {

    /** How often to look. */
    public static final int LOOK_MS = 250;

    private static final long BEAT_NANOS = 1_000_000_000L;

    /** Looks after which the blocks of a member that has changed them are read once more: 1 s. */
    private static final int SOON = 4;

    /** Looks after which any member's blocks are read again: 15 s. */
    static final int AGAIN = 60;

    private static final Logger log = LoggerFactory.getLogger(AuxPlane.class);

    private final SharedTables tables;
    private final Blocks blocks;
    private final Clock clock;
    private final Convergence convergence = new Convergence();
    private final Silence silence;
    private final Map<UUID, Beat> heard = new HashMap<>();
    private final Map<UUID, Merged> merged = new HashMap<>();
    private Set<UUID> members = Set.of();
    private volatile Set<UUID> connected = Set.of();
    private volatile @Nullable String unavailable;
    private long beatNanos = System.nanoTime() - BEAT_NANOS;
    private long worker;
    private long blocked = -1;
    private long known = -1;
    private long looks;
    private boolean failing;

    /**
     * @param made the number that the member's sign of life gave
     * @param next look with which its blocks are read again
     */
    private record Merged(long made, long next) {}

    public AuxPlane(SharedTables tables, Blocks blocks, Clock clock) {
        this.tables = tables;
        this.blocks = blocks;
        this.clock = clock;
        this.silence = new Silence(clock);
    }

    /** @param why tables should be shared and are not; null if all is well */
    public void unavailable(@Nullable String why) {
        unavailable = why;
    }

    /** To be called every {@value #LOOK_MS} ms. */
    public synchronized void tick() {
        try {
            long nanos = System.nanoTime();
            boolean beat = nanos - beatNanos >= BEAT_NANOS;
            if (beat) {
                beatNanos = nanos - beatNanos >= 2 * BEAT_NANOS ? nanos : beatNanos + BEAT_NANOS;
                look();
            }
            refuse();
            var link = tables.link();
            if (link.isPresent()) {
                makeKnown();
                if (beat) {
                    tables.beat(new Beat(clock.millis() & 0xffff_ffffL, known));
                }
                hear();
            }
            failing = false;
        } catch (IOException e) {
            if (!failing && !(members.isEmpty() && blocks.isEmpty())) {
                log.warn("Shared tables can't be reached: {}", e.getMessage());
            }
            failing = true;
        }
    }

    /** What changes seldom. */
    private void look() throws IOException {
        var link = tables.link();
        var now = new HashSet<UUID>();
        link.ifPresent(to -> to.others().forEach(member -> now.add(member.id())));
        if (!now.equals(members)) {
            members = Set.copyOf(now);
            heard.keySet().retainAll(now);
            merged.keySet().retainAll(now);
            known = -1;
        }
        silence.expect(members);
        connected = link.isEmpty() ? Set.of() : Set.copyOf(tables.connected());
        if (link.isEmpty() && blocks.isEmpty()) {
            return;
        }
        long current = tables.worker();
        if (current != worker) {
            // It read the file of blocks when it began, and its tables from its predecessor or from the others.
            worker = current;
            blocked = -1;
            known = -1;
        }
    }

    private void refuse() throws IOException {
        if (blocked != blocks.changes()) {
            long now = blocks.changes();
            tables.block(blocks.untilByRange());
            blocked = now;
        }
    }

    private void makeKnown() throws IOException {
        if (known != blocks.changes()) {
            long now = blocks.changes();
            tables.publish(blocks.own(members).stream().map(Block::shared).toList());
            known = now;
            tables.beat(new Beat(clock.millis() & 0xffff_ffffL, known));
        }
    }

    /**
     * What was merged once may have been a part: a sign of life may arrive before the blocks, and blocks are not taken while
     * the table is full or this machine's clock is far behind. So they are read again now and then, of one member at a time.
     */
    private void hear() throws IOException {
        looks++;
        boolean again = true;
        for (var beat : tables.beats().entrySet()) {
            var member = beat.getKey();
            var before = heard.put(member, beat.getValue());
            if (before != null && before.millis() != beat.getValue().millis()) {
                convergence.add(
                        (int) ((clock.millis() & 0xffff_ffffL) - beat.getValue().millis()));
                silence.heard(member);
            }
            long made = beat.getValue().blocks();
            var last = merged.get(member);
            if (last == null || last.made() != made) {
                merge(member);
                merged.put(member, new Merged(made, looks + SOON));
            } else if (again && looks >= last.next()) {
                merge(member);
                merged.put(member, new Merged(made, looks + AGAIN));
                again = false;
            }
        }
    }

    private void merge(UUID member) throws IOException {
        var theirs = tables.published(member).stream()
                .map(shared -> Block.of(shared, member))
                .flatMap(Optional::stream)
                .toList();
        int news = blocks.merge(theirs);
        if (news > 0) {
            log.info("{} changes to blocks of clients came from {}", news, member);
            refuse();
        }
    }

    @Override
    public java.time.@Nullable Instant exchangedAt() {
        return silence.lastHeard();
    }

    @Override
    public @Nullable Double convergenceP95Ms() {
        return convergence.p95();
    }

    @Override
    public List<Fault> faults() {
        return silence.faults(unavailable);
    }

    /** Members to share with, this one not counted. */
    public int members() {
        return tables.link().map(StackLink::others).map(List::size).orElse(0);
    }

    /** Of these, those to which a connection stands. */
    public int connected() {
        return connected.size();
    }
}
