package io.garrison.edge.cluster.election;

/** What a member is to the others. It carries traffic in each of them. */
public enum Role {
    /** Leads, and knows that voters enough follow. */
    MAIN,
    /** Follows, or waits for somebody to follow. */
    WORKER,
    /** Stands, or has led and lost the voters. */
    CANDIDATE
}
