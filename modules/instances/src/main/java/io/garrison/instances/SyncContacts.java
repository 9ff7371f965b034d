package io.garrison.instances;

import io.garrison.instances.peer.Peer.Problem;
import io.garrison.instances.peer.PeerTrouble;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** When this management last spoke with its peer, and what stood in the way since. Nothing of it outlives the process. */
@Component
class SyncContacts {

    /** Three rounds: that the peer was heard so recently counts, even if it cannot be dialled from here. */
    private static final Duration RECENT = Duration.ofSeconds(45);

    private @Nullable Instant last;
    private @Nullable PeerTrouble dialling;
    private @Nullable PeerTrouble listening;

    synchronized void spoken(Instant at) {
        last = at;
        dialling = null;
    }

    /** The peer has dialled. */
    synchronized void heard(Instant at) {
        last = at;
    }

    synchronized void failed(PeerTrouble why) {
        dialling = why;
    }

    synchronized void listening(@Nullable PeerTrouble why) {
        listening = why;
    }

    /** With other settings there is another peer. */
    synchronized void forget() {
        last = null;
        dialling = null;
    }

    synchronized @Nullable Instant last() {
        return last;
    }

    synchronized boolean isReached(Instant now) {
        return last != null && (dialling == null || last.isAfter(now.minus(RECENT)));
    }

    synchronized boolean isRefused() {
        return dialling != null && dialling.kind() != PeerTrouble.Kind.UNREACHABLE;
    }

    synchronized @Nullable Problem trouble() {
        if (dialling != null) {
            return dialling.problem();
        }
        return listening == null ? null : listening.problem();
    }
}
