package io.garrison.edge.cluster.election;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What a member has to find out whose ballot is lost: a term that is not earlier than any in which it may have voted. Until
 * then it neither votes nor stands nor follows, so no second vote of one term comes from it. Not thread-safe.
 *
 * <p>It asks all others for their vote on trial, which changes nothing and is answered with a term. Whoever became main by
 * the lost vote did so with a quorum that knows the term. So the latest of the answers will do once this member and those
 * who have not answered would be no quorum. It asks for the first time after the least silence, when nobody can become main
 * by the lost vote any more. If it can decide alone, or too few answer for long, it goes on far above what it heard: as many
 * elections in a row cannot have escaped those who did answer.
 */
final class LostVote {

    private static final int QUESTIONS = 10;
    private static final long FAR = 1 << 20;

    private final Election.Timing timing;
    private final Map<UUID, Long> terms = new HashMap<>();
    private long askedAt;
    private int asked;

    LostVote(Election.Timing timing) {
        this.timing = timing;
    }

    /** Asks all, unless the question before is not old enough. */
    List<Election.Outgoing> ask(long now) {
        if (asked > 0 && now - askedAt < timing.mostSilence()) {
            return List.of();
        }
        asked++;
        askedAt = now;
        return List.of(new Election.Outgoing(null, new Message.Ask(1, true, now)));
    }

    void heard(UUID from, Message message) {
        if (message instanceof Message.Vote vote && asked > 0 && vote.askedAt() == askedAt) {
            terms.merge(from, vote.term(), Math::max);
        }
    }

    /** A term that no vote of this member can be later than; empty if none is known yet. */
    OptionalLong latest(Voters voters, UUID self) {
        var unknown = new HashSet<>(voters.members());
        unknown.removeAll(terms.keySet());
        unknown.add(self);
        if (!voters.isQuorum(unknown)) {
            return OptionalLong.of(heard());
        }
        boolean heardAll = unknown.size() == 1;
        return heardAll || asked > QUESTIONS ? OptionalLong.of(heard() + FAR) : OptionalLong.empty();
    }

    private long heard() {
        return terms.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }
}
