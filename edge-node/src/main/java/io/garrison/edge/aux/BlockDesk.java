package io.garrison.edge.aux;

import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What an operator asks of blocks, and what is answered. */
public final class BlockDesk {

    /** More than a screen; all of them are in HAProxy's map. */
    private static final int SHOWN = 1_000;

    private final Blocks blocks;
    private final AuxPlane plane;

    public BlockDesk(Blocks blocks, AuxPlane plane) {
        this.blocks = blocks;
        this.plane = plane;
    }

    /**
     * @param range address or CIDR block
     * @param minutes only to block
     */
    public record Wish(
            String range,
            @Nullable Integer minutes,
            @Nullable String reason) {}

    /** @param code stable, if it was not done; the field that is meant stands before the message */
    public record Told(boolean ok, String message, @Nullable String code) {}

    public record Listed(int total, List<Shown> blocks) {}

    /** @param origin the instance that made it known */
    public record Shown(String range, Instant until, String reason, UUID origin) {}

    private interface Work {
        String done() throws IOException;
    }

    public Told block(byte[] wish) throws IOException {
        return told(() -> {
            var wanted = read(wish);
            int minutes = wanted.minutes() == null ? 0 : wanted.minutes();
            var reason = wanted.reason() == null ? "" : wanted.reason();
            var block = blocks.block(wanted.range(), minutes, reason);
            return block.range() + " is blocked until " + Instant.ofEpochSecond(block.until());
        });
    }

    public Told lift(byte[] wish) throws IOException {
        return told(() -> blocks.lift(read(wish).range()).range() + " is no longer blocked");
    }

    public Listed list() {
        var all = blocks.inForce();
        return new Listed(
                all.size(),
                all.stream()
                        .limit(SHOWN)
                        .map(block -> new Shown(
                                block.range(), Instant.ofEpochSecond(block.until()), block.reason(), block.origin()))
                        .toList());
    }

    private Told told(Work work) throws IOException {
        try {
            var done = work.done();
            plane.tick();
            return new Told(true, done, null);
        } catch (BlockRules.Refused e) {
            return new Told(false, e.field() + ": " + e.getMessage(), e.code());
        }
    }

    private static Wish read(byte[] wish) throws IOException {
        try {
            return ProtocolJson.read(wish, Wish.class);
        } catch (IllegalArgumentException e) {
            throw new IOException("not a wish to block", e);
        }
    }
}
