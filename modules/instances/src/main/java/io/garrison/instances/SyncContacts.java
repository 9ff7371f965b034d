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

    /** Three rounds: a peer that dials as it should was heard since. */
    private static final Duration RECENT = Duration.ofSeconds(45);

    private @Nullable Instant last;
    private @Nullable Instant heard;
    private @Nullable Instant failingSince;
    private @Nullable PeerTrouble dialling;
    private @Nullable PeerTrouble listening;

    synchronized void spoken(Instant at) {
        last = at;
        dialling = null;
        failingSince = null;
    }

    /** The peer has dialled. */
    synchronized void heard(Instant at) {
        last = at;
        heard = at;
    }

    synchronized void failed(PeerTrouble why, Instant at) {
        dialling = why;
        failingSince = failingSince == null ? at : failingSince;
    }

    synchronized void listening(@Nullable PeerTrouble why) {
        listening = why;
    }

    /** With other settings there is another peer. */
    synchronized void forget() {
        last = null;
        heard = null;
        dialling = null;
        failingSince = null;
    }

    synchronized @Nullable Instant last() {
        return last;
    }

    /** One direction is enough: whoever cannot be dialled from here may have dialled since that began. */
    synchronized boolean isReached(Instant now) {
        if (failingSince == null) {
            return last != null;
        }
        return heard != null && heard.isAfter(failingSince) && heard.isAfter(now.minus(RECENT));
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
