package io.garrison.instances;

import io.garrison.instances.peer.Peer.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what two standalone installations serve the same: what is published at one appears at the other. Where both have
 * changed, nothing moves until a person has chosen. Refused wherever management does not run on the machine of its edge.
 */
public interface ConfigurationSync {

    int DEFAULT_PORT = 9_000;
    int DEFAULT_TIMEOUT_SECONDS = 10;
    int MAX_TIMEOUT_SECONDS = 60;
    int MIN_KEY_LENGTH = 32;
    int MAX_KEY_LENGTH = 512;

    /** @throws InstanceException.StandaloneOnly where there is none */
    Settings settings();

    /**
     * @param seen the version that the caller last saw, or -1 for any
     * @throws InstanceException.Invalid with every offending field
     */
    Settings change(long seen, Wish wish);

    /**
     * Makes a key, and keeps it from now on. Shown by this answer and never again.
     *
     * @return 43 characters, which stand for 256 random bits
     */
    String newKey();

    Status status();

    /**
     * Chooses between what both have published, or takes what is not taken by itself because remote changes are not
     * accepted. Both stay among the revisions, where each can be gone back to.
     *
     * @param theirs digest of the policy that was looked at there; absent to take what is there, unseen
     * @throws InstanceException.SyncRefused if there is nothing to choose, or not between these any more
     */
    Status resolve(String stack, Keep keep, @Nullable String theirs);

    /** Dials the peer and greets it, by the settings as they are stored, switched on or not. */
    Trial test();

    enum Scope {
        /** What is published for each stack. */
        POLICY,
        /** The certificates that it names, with their private keys. */
        CERTIFICATES
    }

    enum Keep {
        MINE,
        THEIRS
    }

    /**
     * @param acceptRemote whether what the peer has published is published here
     * @param peerHost name or address; empty if none was set
     * @param authKeySet whether there is a key; it is never told
     * @param timeoutSeconds for each step of a conversation
     * @param version for the entity tag; 0 if nothing was ever set
     */
    record Settings(
            boolean enabled,
            boolean acceptRemote,
            String peerHost,
            int peerPort,
            int listenPort,
            boolean authKeySet,
            int timeoutSeconds,
            Set<Scope> scope,
            long version) {

        static final Settings NONE = new Settings(
                false,
                false,
                "",
                DEFAULT_PORT,
                DEFAULT_PORT,
                false,
                DEFAULT_TIMEOUT_SECONDS,
                Set.of(Scope.POLICY, Scope.CERTIFICATES),
                0);

        public Settings {
            scope = Set.copyOf(scope);
        }

        boolean withCertificates() {
            return scope.contains(Scope.CERTIFICATES);
        }
    }

    /** @param authKey absent to leave the one that there is */
    record Wish(
            boolean enabled,
            boolean acceptRemote,
            String peerHost,
            int peerPort,
            int listenPort,
            @Nullable String authKey,
            int timeoutSeconds,
            Set<Scope> scope) {}

    enum State {
        DISABLED,
        IN_SYNC,
        /** The peer has not taken yet what is here. */
        AHEAD,
        /** What the peer has was not taken yet. */
        BEHIND,
        /** Both have changed. A person has to choose. */
        CONFLICT,
        UNREACHABLE,
        /** One of the two says no, and why. */
        REFUSED
    }

    /**
     * @param state the one that is most in need of somebody; of each stack it is told too
     * @param peer host and port
     * @param lastContact when the two last spoke, whoever dialled; absent if not since this management started
     * @param lastSync when something last moved, or was found the same
     * @param trouble what stands in the way of the whole
     */
    record Status(
            State state,
            String peer,
            @Nullable Instant lastContact,
            @Nullable Instant lastSync,
            @Nullable Problem trouble,
            List<StackState> stacks) {}

    /**
     * @param mine what is published here; absent if nothing is
     * @param theirs what was published there when it was last asked
     * @param base digest of the policy that both had last in common
     * @param choice what somebody has chosen, until it is done
     * @param trouble why it cannot be taken over, here or there
     * @param conflict what taking theirs would change here
     */
    record StackState(
            String name,
            State state,
            @Nullable Side mine,
            @Nullable Side theirs,
            @Nullable String base,
            @Nullable Keep choice,
            @Nullable Problem trouble,
            @Nullable Instant lastSync,
            @Nullable PolicyDiff conflict) {}

    /** @param sha256 of the policy */
    record Side(long revision, String sha256) {}

    /** @param problem absent if the peer answered as a peer */
    record Trial(
            boolean reached, long milliseconds, @Nullable Problem problem) {}
}
