package io.garrison.instances.peer;

import io.garrison.instances.peer.Peer.Problem;
import io.garrison.tenancy.Refusal;
import java.util.stream.Collectors;

/** Refusals in a form that can be sent, kept and shown. */
public final class PeerWords {

    private static final int MAX_ERRORS = 5;
    private static final int MAX_LENGTH = 1_000;

    private PeerWords() {}

    /** With its first errors, because they say what has to be changed. */
    public static Problem problem(Refusal refusal) {
        var errors = refusal.errors().stream()
                .limit(MAX_ERRORS)
                .map(error -> error.field() + ": " + error.message())
                .collect(Collectors.joining("; "));
        var message = refusal.getMessage() + (errors.isEmpty() ? "" : " " + errors);
        return new Problem(refusal.code(), message.substring(0, Math.min(message.length(), MAX_LENGTH)));
    }
}
