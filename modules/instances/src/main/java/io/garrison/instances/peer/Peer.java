package io.garrison.instances.peer;

import io.garrison.protocol.Policy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The other installation, as each of the two sees it. */
public interface Peer {

    /** Tells what is here, and hears what is there. */
    Overview overview(Overview here) throws PeerTrouble;

    /**
     * What a stack serves there.
     *
     * @param whole with the private keys of its certificates, to be published here; otherwise only to be looked at
     */
    Content content(String stack, boolean whole) throws PeerTrouble;

    /** Has the content published there, or refused as a whole. To ask twice does it once. */
    Taken take(Offer offer) throws PeerTrouble;

    /** Who is at the other end, before anything is said. */
    record Introduction(int version, String tenant, String installation) {
        public static final int VERSION = 1;
    }

    /** Every stack of one side, the forgotten ones among those that both had. */
    record Overview(List<Line> stacks) {
        public Overview {
            stacks = List.copyOf(stacks);
        }
    }

    /**
     * One stack of one side.
     *
     * @param current what is published; absent if nothing is
     * @param revision its number there; 0 if nothing is published
     * @param base what this side takes for the last that both had
     * @param trouble why this side could not take what the other has
     */
    record Line(
            String stack,
            @Nullable Fingerprint current,
            long revision,
            @Nullable Fingerprint base,
            @Nullable Problem trouble) {}

    /** A reason with its stable code, for people. */
    record Problem(String code, String message) {}

    /** @param certificates those that the policy names, if both sides keep certificates the same */
    record Content(
            String stack,
            String trafficMode,
            Fingerprint fingerprint,
            long revision,
            String comment,
            Policy policy,
            List<Certificate> certificates) {
        public Content {
            certificates = certificates == null ? List.of() : List.copyOf(certificates);
        }
    }

    /** @param pem chain and private key; absent where only to be looked at */
    record Certificate(String name, String sha256, @Nullable String pem) {}

    /**
     * @param revision there that holds what was offered
     * @param both what is the same now, as far as that side compares it
     */
    record Taken(long revision, Fingerprint both) {}

    /**
     * @param expected what is published there, as far as the sender knows; with anything else it is refused
     * @param base what the sender takes for the last that both had
     * @param decided whether a person has seen both and chosen this one
     */
    record Offer(
            Content content,
            @Nullable Fingerprint expected,
            @Nullable Fingerprint base,
            boolean decided) {}
}
