package io.garrison.instances.peer;

/** Why nothing could be done with the other installation this time. */
public final class PeerTrouble extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final String code;

    public PeerTrouble(Kind kind, String code, String message) {
        super(message);
        this.kind = kind;
        this.code = code;
    }

    public Kind kind() {
        return kind;
    }

    /** Stable, such as {@code sync.refused}. */
    public String code() {
        return code;
    }

    public Peer.Problem problem() {
        return new Peer.Problem(code, String.valueOf(getMessage()));
    }

    public enum Kind {
        /** Nobody, or nobody of ours, answers. */
        UNREACHABLE,
        /** Whoever answers does not take us for the peer. */
        UNTRUSTED,
        /** The peer has looked at what was asked, and says no. */
        REFUSED
    }
}
