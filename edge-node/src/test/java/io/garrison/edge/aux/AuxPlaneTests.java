package io.garrison.edge.aux;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.haproxy.SharedTables;
import io.garrison.edge.haproxy.StackLink;
import io.garrison.edge.testing.MovedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What arrived in part, or could not be taken, is looked at again although nothing has changed. */
class AuxPlaneTests {

    private static final UUID SELF = new UUID(1, 1);
    private static final UUID PEER = new UUID(1, 2);

    @TempDir
    private Path directory;

    private final MovedClock clock = new MovedClock();
    private final ScriptedTables tables = new ScriptedTables();
    private Blocks blocks;
    private AuxPlane plane;

    @BeforeEach
    void plane() throws IOException {
        blocks = new Blocks(directory.resolve("blocks.json"), SELF, clock);
        plane = new AuxPlane(tables, blocks, clock);
    }

    @Test
    void takesWhatArrivesAfterTheSignOfLifeThatTellsOfIt() {
        plane.tick();
        tables.published.add(block("203.0.113.1", 600));
        look(5);
        assertThat(blocks.inForce()).extracting(Block::range).containsExactly("203.0.113.1");

        tables.published.add(block("203.0.113.2", 600));
        look(AuxPlane.AGAIN + 1);
        assertThat(blocks.inForce()).hasSize(2);
        assertThat(tables.refused).containsOnlyKeys("203.0.113.1", "203.0.113.2");
    }

    @Test
    void takesBlocksOnceItsClockIsRight() {
        clock.move(Duration.ofHours(-3));
        tables.published.add(block("203.0.113.1", 3 * 3_600 + 600));
        look(10);
        assertThat(blocks.inForce()).isEmpty();

        clock.move(Duration.ofHours(3));
        look(AuxPlane.AGAIN + 1);
        assertThat(blocks.inForce()).hasSize(1);
    }

    @Test
    void readsSeldomWhatHasNotChanged() {
        look(AuxPlane.AGAIN * 3);
        assertThat(tables.read).isBetween(4, 5);
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            plane.tick();
        }
    }

    private SharedTables.SharedBlock block(String range, int seconds) {
        long now = java.time.Instant.now().getEpochSecond();
        return new Block(range, now + seconds, now, false, "", PEER).shared();
    }

    /** A peer whose sign of life always says the same. */
    private static final class ScriptedTables implements SharedTables {
        private final List<SharedBlock> published = new ArrayList<>();
        private Map<String, Long> refused = Map.of();
        private int read;

        @Override
        public Optional<StackLink> link() {
            return Optional.of(new StackLink(
                    SELF,
                    List.of(
                            new StackLink.Member(SELF, "192.0.2.1", 10_102),
                            new StackLink.Member(PEER, "192.0.2.2", 10_102)),
                    "",
                    ""));
        }

        @Override
        public long worker() {
            return 1;
        }

        @Override
        public void beat(Beat beat) {}

        @Override
        public Map<UUID, Beat> beats() {
            return Map.of(PEER, new Beat(1, 5));
        }

        @Override
        public Set<UUID> connected() {
            return Set.of(PEER);
        }

        @Override
        public void publish(List<SharedBlock> own) {}

        @Override
        public List<SharedBlock> published(UUID member) {
            read++;
            return List.copyOf(published);
        }

        @Override
        public void block(Map<String, Long> untilByRange) {
            refused = untilByRange;
        }

        @Override
        public void persistent(String service, String pool, Persistent each) {}
    }
}
