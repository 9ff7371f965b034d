package io.garrison.instances;

import io.garrison.instances.ConfigurationSync.Keep;
import io.garrison.instances.peer.Fingerprint;
import io.garrison.instances.peer.Peer.Content;
import io.garrison.instances.peer.Peer.Line;
import io.garrison.instances.peer.Peer.Problem;
import io.garrison.instances.peer.ThreeWay;
import io.garrison.protocol.Policy;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one stack that two installations keep the same.
 *
 * @param base what both had last in common
 * @param sent what was handed over without an answer so far: if the peer says that this is what both have, it is
 * @param theirs what the peer had when it last told
 * @param choice of a person, until it is done
 * @param trouble why the peer's could not be taken here, or ours not there
 * @param theirTrouble why the peer could not take ours
 * @param lastSync when both were last found the same
 */
record SyncMemory(
        @Nullable Fingerprint base,
        @Nullable Fingerprint sent,
        @Nullable Seen theirs,
        @Nullable Choice choice,
        @Nullable Problem trouble,
        @Nullable Problem theirTrouble,
        @Nullable Instant lastSync) {

    static final SyncMemory NONE = new SyncMemory(null, null, null, null, null, null, null);

    /**
     * @param base what the peer takes for the last that both had
     * @param policy the document, if it was asked for
     */
    record Seen(
            @Nullable Fingerprint current,
            long revision,
            @Nullable Fingerprint base,
            @Nullable Policy policy) {}

    /** Holds for these two and no others. */
    record Choice(
            Keep keep, @Nullable Fingerprint mine, @Nullable Fingerprint theirs) {}

    /** An answer got lost on its way: what was sent has arrived, because the peer takes it for what both have. */
    SyncMemory adopting(@Nullable Fingerprint theirBase) {
        return theirBase != null && sent != null && Fingerprint.same(theirBase, sent)
                ? new SyncMemory(sent.common(theirBase), null, theirs, choice, trouble, theirTrouble, lastSync)
                : this;
    }

    SyncMemory seeing(Line line) {
        var known = theirs != null && Fingerprint.same(theirs.current(), line.current()) ? theirs.policy() : null;
        return new SyncMemory(
                base,
                sent,
                new Seen(line.current(), line.revision(), line.base(), known),
                choice,
                trouble,
                line.trouble(),
                lastSync);
    }

    /** Forgets a choice between others than these. */
    SyncMemory choosingBetween(@Nullable Fingerprint mine, @Nullable Fingerprint there) {
        boolean holds =
                choice != null && Fingerprint.same(choice.mine(), mine) && Fingerprint.same(choice.theirs(), there);
        return holds || choice == null ? this : choosing(null);
    }

    SyncMemory choosing(@Nullable Choice made) {
        return new SyncMemory(base, sent, theirs, made, trouble, theirTrouble, lastSync);
    }

    /** Both have this now. */
    SyncMemory agreeing(Fingerprint both, long theirRevision, Instant at) {
        return new SyncMemory(both, null, new Seen(both, theirRevision, both, null), null, null, null, at);
    }

    /** Both have this, as they had before. */
    SyncMemory stillAgreeing(Fingerprint both, Instant at) {
        var since = both.equals(base) && lastSync != null ? lastSync : at;
        return agreeing(both, theirs == null ? 0 : theirs.revision(), since);
    }

    SyncMemory sending(Fingerprint content) {
        return new SyncMemory(base, content, theirs, choice, trouble, theirTrouble, lastSync);
    }

    SyncMemory troubled(@Nullable Problem by) {
        return new SyncMemory(base, sent, theirs, choice, by, theirTrouble, lastSync);
    }

    SyncMemory showing(Content content) {
        var seen = new Seen(content.fingerprint(), content.revision(), theirBase(), content.policy());
        return new SyncMemory(base, sent, seen, choice, trouble, theirTrouble, lastSync);
    }

    /** What follows, if this is here. */
    ThreeWay way(@Nullable Fingerprint mine) {
        return ThreeWay.of(mine, there(), base, theirBase());
    }

    /** Whether a person has chosen this side's or the other's, between these two. */
    boolean isChosen(Keep keep, @Nullable Fingerprint mine, @Nullable Fingerprint there) {
        var made = choosingBetween(mine, there).choice();
        return made != null && made.keep() == keep;
    }

    private @Nullable Fingerprint theirBase() {
        return theirs == null ? null : theirs.base();
    }

    @Nullable
    Fingerprint there() {
        return theirs == null ? null : theirs.current();
    }
}
