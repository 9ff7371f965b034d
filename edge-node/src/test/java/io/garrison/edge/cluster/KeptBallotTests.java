package io.garrison.edge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.cluster.election.Ballot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PX-20: a disk that lost a vote makes nobody vote twice, and keeps nobody out for ever. */
class KeptBallotTests {

    private static final Ballot VOTED = new Ballot(3, new UUID(7, 1));

    @TempDir
    Path directory;

    private final List<Path> damaged = new ArrayList<>();
    private Path file;
    private KeptBallot box;

    @BeforeEach
    void box() {
        file = directory.resolve("ballot.json");
        box = new KeptBallot(file, damaged::add);
    }

    @Test
    void keepsWhatWasPut() throws IOException {
        assertThat(box.open()).hasValue(Ballot.NONE);
        box.put(VOTED);
        assertThat(box.open()).hasValue(VOTED);
        assertThat(damaged).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"term\":3,\"vo", "null", "{}", "{\"term\":-1,\"vote\":null}", "\u0000\u0000"})
    void movesADamagedFileAsideAndKnowsUntilTheNextBallotThatAVoteIsLost(String content) throws IOException {
        Files.writeString(file, content);

        assertThat(box.open()).isEmpty();
        assertThat(directory.resolve("ballot.json.damaged")).hasContent(content);
        assertThat(damaged).containsExactly(directory.resolve("ballot.json.damaged"));
        assertThat(box.open()).as("after another start").isEmpty();

        box.put(VOTED);
        assertThat(box.open()).hasValue(VOTED);
    }
}
