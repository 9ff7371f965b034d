package io.garrison.edge.doctor;

/** What rests on what: a fault of one makes those after it fail as well. */
public enum Layer {
    FILES,
    IDENTITY,
    CLOCK,
    GATEWAY,
    HAPROXY,
    KEEPALIVED,
    ADDRESSES,
    PEERS,
    DISCOVERY,
    MEMBERSHIP,
    AGENT
}
