package io.garrison.edge.cluster.election;

/** What members say to each other about who leads. Each may get lost, come late, twice, and out of order. */
public sealed interface Message {

    long term();

    /**
     * Please vote for me.
     *
     * @param trial whether the vote is only to find out if it would be given; it changes nothing
     * @param askedAt by the candidate's clock
     */
    record Ask(long term, boolean trial, long askedAt) implements Message {}

    /**
     * @param term of the question if the vote is given, otherwise that of the voter
     * @param askedAt as it stood in the question
     */
    record Vote(long term, boolean trial, boolean given, long askedAt) implements Message {}

    /**
     * The main is there.
     *
     * @param sentAt by the main's clock
     */
    record Beat(long term, long sentAt) implements Message {}

    /**
     * A member has heard the main.
     *
     * @param sentAt as it stood in the sign of life
     */
    record Heard(long term, long sentAt) implements Message {}
}
