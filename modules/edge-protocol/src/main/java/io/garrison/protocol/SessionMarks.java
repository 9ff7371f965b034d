package io.garrison.protocol;

import io.garrison.protocol.Availability.DrillResult;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Entries of persistence as two instances hold them, made comparable without telling whose they are. Each has a mark, which
 * is the same at both if the client's service, address and pool member are. Of more than {@value #MOST} the lowest
 * {@value #MOST} stand for all: marks are as good as random, so the same entries are chosen at both. For one rehearsal; in
 * another the same entries have other marks. Not thread-safe.
 */
public final class SessionMarks {

    /** What is worked out of more is at most 3 of 100 off, 19 times in 20; up to here nothing is. */
    public static final int MOST = 1_000;

    /** JSON has numbers of 53 bits. */
    private static final long BITS = 0xffff_ffff_ffffL;

    private final UUID drill;
    private final TreeSet<Long> lowest = new TreeSet<>();
    private int total;

    public SessionMarks(UUID drill) {
        this.drill = drill;
    }

    /** @param table of the service's persistence; one client may have entries in several */
    public void add(String table, String client, String member) {
        total++;
        var mark = mark(drill + " " + table + " " + client + " " + member);
        if (lowest.size() < MOST || mark < lowest.last()) {
            lowest.add(mark);
            if (lowest.size() > MOST) {
                lowest.pollLast();
            }
        }
    }

    public int total() {
        return total;
    }

    /** Ascending, at most {@value #MOST}. */
    public List<Long> lowest() {
        return List.copyOf(lowest);
    }

    /**
     * How many of the entries of the one that yielded the other has as well; all of them only if none is missed.
     *
     * @return nothing if one of them did not tell, or tells what cannot be compared
     */
    public static OptionalInt kept(DrillResult yielded, DrillResult probed) {
        var had = yielded.sessionMarks();
        var has = probed.sessionMarks();
        var total = yielded.sessionsTotal();
        if (had == null || has == null || total == null || probed.sessionsTotal() == null) {
            return OptionalInt.empty();
        }
        if (total == 0) {
            return OptionalInt.of(0);
        }
        // Above the highest mark that the other tells, it may have more.
        boolean all = has.size() >= probed.sessionsTotal();
        long told = all ? Long.MAX_VALUE : has.isEmpty() ? -1 : has.getLast();
        var compared = had.stream().filter(mark -> mark <= told).toList();
        if (compared.isEmpty()) {
            return OptionalInt.empty();
        }
        var there = new HashSet<>(has);
        long found = compared.stream().filter(there::contains).count();
        return OptionalInt.of((int) (total * found / compared.size()));
    }

    private static long mark(String entry) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(entry.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong() & BITS;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
