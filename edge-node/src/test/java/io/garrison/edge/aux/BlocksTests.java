package io.garrison.edge.aux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.edge.haproxy.SharedTables.SharedBlock;
import io.garrison.edge.testing.MovedClock;
import io.garrison.protocol.Availability.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlocksTests {

    private static final UUID A = new UUID(1, 1);
    private static final UUID B = new UUID(1, 2);

    @TempDir
    private Path directory;

    private final MovedClock clock = new MovedClock();

    @ParameterizedTest
    @CsvSource({
        "localhost, 5, , block-range",
        "203.0.113.0/33, 5, , block-range",
        "203.0.113.1;x, 5, , block-range",
        "0.0.0.0/0, 5, , block-too-wide",
        "10.0.0.0/7, 5, , block-too-wide",
        "2001::/15, 5, , block-too-wide",
        "203.0.113.1, 0, , block-minutes",
        "203.0.113.1, 10081, , block-minutes",
        "203.0.113.1, 5, 0123456789012345678901234567890123456789012345678901234567890, block-reason"
    })
    void refusesWhatMakesNoSenseWithAStableCode(String range, int minutes, String reason, String code)
            throws IOException {
        var blocks = blocks(A);
        assertThatExceptionOfType(BlockRules.Refused.class)
                .isThrownBy(() -> blocks.block(range, minutes, reason == null ? "" : reason))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(code));
        assertThat(blocks.inForce()).isEmpty();
    }

    @Test
    void keepsBlocksOverARestartUntilTheyAreOver() throws IOException {
        blocks(A).block("203.0.113.7/24", 10, "é");
        var again = blocks(A);
        assertThat(again.inForce()).singleElement().satisfies(block -> {
            assertThat(block.range()).isEqualTo("203.0.113.0/24");
            assertThat(block.reason()).isEqualTo("é");
        });
        clock.move(java.time.Duration.ofMinutes(10));
        assertThat(again.inForce()).isEmpty();
        assertThat(again.isEmpty()).isTrue();
        assertThat(again.own(Set.of())).as("for whoever has an earlier one").hasSize(1);
        clock.move(java.time.Duration.ofDays(8));
        assertThat(again.own(Set.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "{}",
                "{\"blocks\":[null]}",
                "\u0000\u0000\u0000",
                "{\"blocks\":[{\"range\":\"nonsense\",\"until\":1,\"version\":1,\"lifted\":false,\"reason\":\"\","
                        + "\"origin\":\"00000000-0000-0001-0000-000000000001\"}]}"
            })
    void movesADamagedFileAsideAndTellsOfItRatherThanToKeepTheInstanceDown(String damaged) throws IOException {
        var file = directory.resolve(A.toString());
        Files.writeString(file, damaged);

        var blocks = blocks(A);

        assertThat(blocks.inForce()).isEmpty();
        assertThat(blocks.faults()).singleElement().extracting(Fault::code).isEqualTo("blocks-damaged");
        assertThat(file.resolveSibling(A + ".damaged")).hasContent(damaged);
        blocks.block("203.0.113.7", 10, "");
        assertThat(blocks(A).inForce()).hasSize(1);
        assertThat(blocks(A).faults()).isEmpty();
    }

    /** HAProxy reads the narrowest range that contains a client, and no other, even if that one is over. */
    @Test
    void givesEachRangeTheLatestEndOfAllThatContainIt() throws IOException {
        var blocks = blocks(A);
        long now = clock.instant().getEpochSecond();
        blocks.block("203.0.113.7", 5, "");
        blocks.block("203.0.113.0/24", 60, "");
        blocks.block("203.0.112.0/20", 30, "");
        blocks.block("203.0.114.9", 90, "");
        blocks.block("198.51.100.1", 5, "");
        blocks.block("2001:db8::1", 5, "");
        blocks.block("2001:db8::/32", 45, "");
        blocks.block("2001:db9::/32", 5, "");
        assertThat(minutes(blocks, now))
                .isEqualTo(Map.of(
                        "203.0.113.7", 60L,
                        "203.0.113.0/24", 60L,
                        "203.0.112.0/20", 30L,
                        "203.0.114.9", 90L,
                        "198.51.100.1", 5L,
                        "2001:db8:0:0:0:0:0:1", 45L,
                        "2001:db8:0:0:0:0:0:0/32", 45L,
                        "2001:db9:0:0:0:0:0:0/32", 5L));

        blocks.lift("203.0.113.0/24");
        assertThat(minutes(blocks, now)).containsEntry("203.0.113.7", 30L).doesNotContainKey("203.0.113.0/24");
        // HAProxy looks for IPv4 clients among mapped IPv6 addresses as well.
        blocks.block("::/16", 100, "");
        assertThat(minutes(blocks, now)).containsEntry("198.51.100.1", 100L).containsEntry("203.0.114.9", 100L);
    }

    private static Map<String, Long> minutes(Blocks blocks, long now) {
        var minutes = new HashMap<String, Long>();
        blocks.untilByRange().forEach((range, until) -> minutes.put(range, (until - now) / 60));
        return minutes;
    }

    /** Every order in which the same changes arrive ends in the same blocks. */
    @Test
    void endsTheSameInWhateverOrderChangesArrive() throws IOException {
        var random = new Random(7);
        for (int round = 0; round < 10; round++) {
            var changes = new ArrayList<SharedBlock>();
            long now = clock.instant().getEpochSecond();
            for (int i = 0; i < 8; i++) {
                changes.add(new SharedBlock(
                        "10.0.0." + random.nextInt(2) + "~",
                        now + (random.nextInt(5) - 1) * 60,
                        now - random.nextInt(3),
                        random.nextBoolean()));
            }
            assertThat(after(changes, random, "x" + round)).isEqualTo(after(changes, random, "y" + round));
        }
    }

    private List<Block> after(List<SharedBlock> changes, Random random, String name) throws IOException {
        var order = new ArrayList<>(changes);
        Collections.shuffle(order, random);
        var blocks = new Blocks(directory.resolve(name), A, clock);
        for (var change : order) {
            blocks.merge(List.of(Block.of(change, B).orElseThrow()));
        }
        return blocks.inForce();
    }

    @Test
    void liftsWhatAnotherInstanceBlockedAndBlocksAgain() throws IOException {
        var a = blocks(A);
        var b = blocks(B);
        var block = a.block("203.0.113.1", 10, "why");
        b.merge(List.of(Block.of(block.shared(), A).orElseThrow()));
        var lifted = b.lift("203.0.113.1");
        a.merge(List.of(Block.of(lifted.shared(), B).orElseThrow()));
        assertThat(a.inForce()).isEmpty();
        // What was lifted is made known by whoever lifted it, so that it does not come back from elsewhere.
        assertThat(a.merge(List.of(block))).isZero();
        assertThat(b.own(Set.of(A))).containsExactly(lifted);
        a.block("203.0.113.1", 1, "again");
        assertThat(a.inForce()).hasSize(1);
    }

    /** HAProxy keeps what a longer one was made known as for eight days, under another key than the shorter one. */
    @Test
    void bringsBackNoLongerBlockThatAShorterOneReplaced() throws IOException {
        var a = blocks(A);
        var b = blocks(B);
        var longer = a.block("203.0.113.1", 10_080, "scans");
        b.merge(List.of(Block.of(longer.shared(), A).orElseThrow()));
        var shorter = a.block("203.0.113.1", 5, "scans, for now");
        b.merge(List.of(Block.of(shorter.shared(), A).orElseThrow()));
        clock.move(java.time.Duration.ofMinutes(6));
        assertThat(b.inForce()).isEmpty();
        b.block("198.51.100.1", 1, "");
        assertThat(b.merge(List.of(longer))).as("read again").isZero();
        assertThat(b.inForce()).extracting(Block::range).doesNotContain("203.0.113.1");

        var c = new Blocks(directory.resolve("c"), new UUID(1, 3), clock);
        c.merge(List.of(longer));
        assertThat(c.inForce()).as("it was not there in time").hasSize(1);
        c.merge(a.own(Set.of()));
        assertThat(c.inForce()).isEmpty();

        // The same for one that is lifted after it was made shorter.
        var again = a.block("203.0.113.1", 10_080, "scans");
        a.block("203.0.113.1", 5, "");
        b.merge(List.of(again));
        b.merge(List.of(a.lift("203.0.113.1")));
        clock.move(java.time.Duration.ofDays(6));
        b.block("198.51.100.1", 1, "");
        assertThat(b.merge(List.of(again))).isZero();
        assertThat(b.inForce()).hasSize(1);
    }

    @Test
    void remembersAsManyThatAreOverAsHaproxyHasRoomFor() throws IOException {
        var blocks = blocks(A);
        long now = clock.instant().getEpochSecond();
        var many = new ArrayList<Block>();
        for (int i = 0; i < Blocks.CAPACITY; i++) {
            many.add(new Block("10.0." + i / 256 + "." + i % 256, now + 60, now + i % 2, false, "", B));
        }
        assertThat(blocks.merge(many)).isEqualTo(Blocks.CAPACITY);
        clock.move(java.time.Duration.ofMinutes(2));
        for (int i = 0; i < 10; i++) {
            blocks.block("192.0.2." + i, 1, "");
        }
        clock.move(java.time.Duration.ofMinutes(2));
        blocks.block("192.0.2.99", 1, "");
        assertThat(blocks.own(Set.of()))
                .hasSize(Blocks.REMEMBERED + 1)
                .extracting(Block::range)
                .contains("192.0.2.1", "192.0.2.99", "10.0.0.1");
        assertThat(blocks.merge(many)).as("there is no room for them").isZero();
    }

    /** HAProxy cuts a longer key, and whoever reads it finds no block. */
    @Test
    void fitsTheLongestRangeAndReasonIntoAKeyOfHaproxy() throws IOException {
        var range = "2001:1db8:ffff:ffff:ffff:ffff:ffff:fffe/127";
        var block = blocks(A).block(range, 5, "é".repeat(54));
        assertThat(block.shared().key()).hasSizeLessThanOrEqualTo(190);
        assertThatExceptionOfType(BlockRules.Refused.class)
                .isThrownBy(() -> blocks(A).block(range, 5, "é".repeat(55)))
                .withMessageContaining("at most 108 bytes in UTF-8, not 110")
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("block-reason"));
    }

    @Test
    void takesNothingFromPeersThatIsNoBlock() {
        for (var key : List.of("", "~", "nonsense~", "0.0.0.0/0~", "10.0.0.1", "10.0.0.1~***")) {
            assertThat(Block.of(new SharedBlock(key, 1, 1, false), B)).as(key).isEmpty();
        }
    }

    @Test
    void holdsTenThousandRangesAndNoMore() throws IOException {
        var blocks = blocks(A);
        long until = clock.instant().getEpochSecond() + 600;
        var many = new ArrayList<Block>();
        for (int i = 0; i < Blocks.CAPACITY + 5; i++) {
            var address = "10." + i / 65_536 + "." + i / 256 % 256 + "." + i % 256;
            many.add(new Block(address, until, 1, false, "", B));
        }
        assertThat(blocks.merge(many)).isEqualTo(Blocks.CAPACITY);
        assertThatExceptionOfType(BlockRules.Refused.class)
                .isThrownBy(() -> blocks.block("192.0.2.1", 5, ""))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("block-table-full"));
        clock.move(java.time.Duration.ofMinutes(11));
        assertThat(blocks.block("192.0.2.1", 5, "").range()).isEqualTo("192.0.2.1");
    }

    private Blocks blocks(UUID self) throws IOException {
        return new Blocks(directory.resolve(self.toString()), self, clock);
    }
}
