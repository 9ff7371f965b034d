package io.garrison.edge.cluster;

import io.garrison.edge.cluster.election.Ballot;
import io.garrison.edge.cluster.election.BallotBox;
import io.garrison.edge.state.DurableFiles;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The ballot as a file of the state directory. One that is damaged is moved aside, where it says that a vote is lost until
 * another ballot is put.
 *
 * @param damaged told of the file that was moved
 */
record KeptBallot(Path file, Consumer<Path> damaged) implements BallotBox {

    @Override
    public Optional<Ballot> open() throws IOException {
        var aside = file.resolveSibling(file.getFileName() + ".damaged");
        if (!Files.exists(file)) {
            return Files.exists(aside) ? Optional.empty() : Optional.of(Ballot.NONE);
        }
        try {
            return Optional.of(ProtocolJson.read(Files.readAllBytes(file), Ballot.class));
        } catch (IOException | IllegalArgumentException e) {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            damaged.accept(aside);
            return Optional.empty();
        }
    }

    @Override
    public void put(Ballot ballot) throws IOException {
        DurableFiles.replace(file, ProtocolJson.write(ballot));
    }
}
