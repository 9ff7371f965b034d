package io.garrison.edge.aux;

import io.garrison.edge.state.DurableFiles;
import io.garrison.protocol.Availability.Fault;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All blocks that this instance knows of, its own and those of its peers, on the disk first. Those that are over or lifted
 * are remembered until no earlier one of the range can hold any more, since such ones stay in the tables of HAProxy. May be
 * called from any thread.
 */
public final class Blocks {

    /** In force, over all instances of the stack: what fits beside everything else into the memory of an agent. */
    public static final int CAPACITY = 10_000;

    /** Over or lifted; with those in force, HAProxy's table of an instance has room for them. */
    static final int REMEMBERED = 10_000;

    private static final Logger log = LoggerFactory.getLogger(Blocks.class);

    private final Path file;
    private final UUID self;
    private final Clock clock;
    private final Map<String, Block> byRange = new HashMap<>();
    private @Nullable Fault damaged;
    private long changes;
    private boolean full;

    private record Stored(List<Block> blocks) {
        Stored {
            blocks = List.copyOf(blocks);
        }
    }

    /**
     * What is damaged is moved aside, and this instance begins without blocks: it gets them again from its peers, and
     * whoever has none of those is told by a fault.
     *
     * @throws IOException if this directory can't be read or written
     */
    public Blocks(Path file, UUID self, Clock clock) throws IOException {
        this.file = file;
        this.self = self;
        this.clock = clock;
        this.changes = seconds();
        if (Files.exists(file)) {
            try {
                for (var block : ProtocolJson.read(Files.readAllBytes(file), Stored.class)
                        .blocks()) {
                    byRange.put(BlockRules.range(block.range()).text(), block);
                }
            } catch (IllegalArgumentException e) {
                byRange.clear();
                damaged = setAside(e);
            }
        }
    }

    /**
     * Blocks clients, anew if they are blocked already.
     *
     * @param minutes 1–{@value BlockRules#MAX_MINUTES}
     * @throws BlockRules.Refused if it may not be
     * @throws IOException if it does not reach the disk; then nothing has changed
     */
    synchronized Block block(String range, int minutes, String reason) throws IOException {
        var clients = BlockRules.range(range).text();
        long until = seconds() + 60L * BlockRules.minutes(minutes);
        BlockRules.reason(reason);
        forgetWhatIsOutlived();
        var held = byRange.get(clients);
        if (room() <= 0 && (held == null || !held.isInForce(seconds()))) {
            throw new BlockRules.Refused(
                    "block-table-full", "range", CAPACITY + " ranges are blocked; lift some first, or wait");
        }
        var block = new Block(clients, until, nextVersion(clients), false, reason, self);
        put(List.of(block));
        return block;
    }

    /**
     * Takes a block back, on whichever instance it was made.
     *
     * @throws BlockRules.Refused if there is none
     */
    synchronized Block lift(String range) throws IOException {
        var clients = BlockRules.range(range).text();
        var held = byRange.get(clients);
        if (held == null || !held.isInForce(seconds())) {
            throw new BlockRules.Refused("block-unknown", "range", clients + " is not blocked");
        }
        var lifted = new Block(clients, held.until(), nextVersion(clients), true, held.reason(), self);
        put(List.of(lifted));
        return lifted;
    }

    /** @return how many of them were news here */
    synchronized int merge(List<Block> others) throws IOException {
        forgetWhatIsOutlived();
        long now = seconds();
        var news = new HashMap<String, Block>();
        int room = room();
        int memory = CAPACITY + REMEMBERED - room - byRange.size();
        full &= room <= 0;
        for (var block : others) {
            var held = news.getOrDefault(block.range(), byRange.get(block.range()));
            boolean better = held == null || block.holdsOver(held);
            if (!better || !block.isPlausible(now) || block.isOutlived(now)) {
                continue;
            }
            boolean more = held == null || !held.isInForce(now);
            if (block.isInForce(now) ? more && room-- <= 0 : held == null && memory-- <= 0) {
                continue;
            }
            news.put(block.range(), block);
        }
        if (room < 0 && !full) {
            full = true;
            log.warn("More than {} ranges are blocked; what is beyond is left out here", CAPACITY);
        }
        if (!news.isEmpty()) {
            put(List.copyOf(news.values()));
        }
        return news.size();
    }

    /** Whether none is in force. */
    synchronized boolean isEmpty() {
        long now = seconds();
        return byRange.values().stream().noneMatch(block -> block.isInForce(now));
    }

    /** Those in force, by range. */
    public synchronized List<Block> inForce() {
        long now = seconds();
        return new TreeMap<>(byRange)
                .values().stream().filter(block -> block.isInForce(now)).toList();
    }

    /** Of those in force, as HAProxy has to read them. */
    synchronized Map<String, Long> untilByRange() {
        var until = new HashMap<String, Long>();
        inForce().forEach(block -> until.put(block.range(), block.until()));
        return LatestEnds.of(until);
    }

    /**
     * What this instance has to make known: its own, and what was left by instances that are no members any more. Those
     * that are over as well, for whoever was not there in time.
     */
    synchronized List<Block> own(Set<UUID> others) {
        long now = seconds();
        return byRange.values().stream()
                .filter(block -> !block.isOutlived(now) && !others.contains(block.origin()))
                .toList();
    }

    /** Another number after each change, and after a restart. */
    synchronized long changes() {
        return changes & 0xffff_ffffL;
    }

    /** {@code blocks-damaged}, until the agent starts again. */
    public synchronized List<Fault> faults() {
        return damaged == null ? List.of() : List.of(damaged);
    }

    private Fault setAside(RuntimeException why) throws IOException {
        var aside = file.resolveSibling(file.getFileName() + ".damaged");
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        log.error("The blocked clients in {} are damaged; it is now {}: {}", file, aside, why.toString());
        return new Fault(
                "blocks-damaged",
                "The file of blocked clients was damaged and is now " + aside.getFileName()
                        + "; clients that no other instance knows of as blocked are not blocked any more.",
                clock.instant());
    }

    private void put(List<Block> blocks) throws IOException {
        var next = new HashMap<>(byRange);
        blocks.forEach(block -> next.put(block.range(), block));
        DurableFiles.replace(file, ProtocolJson.write(new Stored(new ArrayList<>(next.values()))));
        blocks.forEach(block -> byRange.put(block.range(), block));
        changes++;
    }

    private void forgetWhatIsOutlived() {
        long now = seconds();
        byRange.values().removeIf(block -> block.isOutlived(now));
        int tooMany = byRange.size() - (CAPACITY - room()) - REMEMBERED;
        if (tooMany > 0) {
            byRange.values().stream()
                    .filter(block -> !block.isInForce(now))
                    .sorted(Comparator.comparingLong(Block::version))
                    .limit(tooMany)
                    .toList()
                    .forEach(block -> byRange.remove(block.range()));
        }
    }

    /** For blocks in force. */
    private int room() {
        long now = seconds();
        return CAPACITY
                - (int) byRange.values().stream()
                        .filter(block -> block.isInForce(now))
                        .count();
    }

    private long nextVersion(String range) {
        var held = byRange.get(range);
        return Math.max(seconds(), held == null ? 0 : held.version() + 1);
    }

    private long seconds() {
        return clock.instant().getEpochSecond();
    }
}
