package io.garrison.edge.cluster.election;

import java.io.IOException;
import java.util.Optional;

/** Keeps the ballot through crashes. */
public interface BallotBox {

    /** What was put last; {@link Ballot#NONE} if nothing ever was, empty if something was and is lost. */
    Optional<Ballot> open() throws IOException;

    /** Returns once the ballot is durable. */
    void put(Ballot ballot) throws IOException;
}
