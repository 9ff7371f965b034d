package io.garrison.edge.cluster;

import io.garrison.edge.cluster.election.Ballot;
import io.garrison.edge.cluster.election.BallotBox;
import io.garrison.edge.state.DurableFiles;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The ballot as a file of the state directory. */
record KeptBallot(Path file) implements BallotBox {

    @Override
    public Ballot open() throws IOException {
        if (!Files.exists(file)) {
            return Ballot.NONE;
        }
        try {
            return ProtocolJson.read(Files.readAllBytes(file), Ballot.class);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "the ballot in " + file + " can't be read; without it this instance must not vote", e);
        }
    }

    @Override
    public void put(Ballot ballot) throws IOException {
        DurableFiles.replace(file, ProtocolJson.write(ballot));
    }
}
