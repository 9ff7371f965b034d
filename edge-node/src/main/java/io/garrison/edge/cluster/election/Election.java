package io.garrison.edge.cluster.election;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member's part in the election, after Raft's (Ongaro, 2014: 3.4, 6.4.1, 9.6) without its log. Time and messages come
 * in, messages go out; there is no thread and no clock in here. Not thread-safe.
 *
 * <p>What holds as long as the members go by one membership and their clocks run at one speed: no term has two mains, and
 * at no moment are there two. For the second, a main leads only while answers of a quorum are younger than the least
 * timeout, and nobody who gave such an answer votes for another until then; a member that starts waits as long.
 */
public final class Election {

    private static final Logger log = LoggerFactory.getLogger(Election.class);

    private final UUID self;
    private final Timing timing;
    private final BallotBox box;
    private final RandomGenerator random;
    private Voters voters = Voters.NOBODY;
    private Ballot ballot;
    private @Nullable LostVote lost;
    private Role role = Role.WORKER;
    private @Nullable UUID main;
    private boolean standing;
    private final Set<UUID> given = new HashSet<>();
    private final Map<UUID, Long> heardUs = new HashMap<>();
    private long boundUntil;
    private long deadline;
    private long askedAt;
    private long beatAt;

    /**
     * All in ms.
     *
     * @param leastSilence of the main before anybody stands
     * @param mostSilence above the least
     * @param beat between two signs of life; less than half of the least silence
     */
    public record Timing(long leastSilence, long mostSilence, long beat) {
        public Timing {
            if (beat < 1 || beat * 2 >= leastSilence || mostSilence <= leastSilence) {
                throw new IllegalArgumentException(
                        "beat " + beat + " ms, silence " + leastSilence + " to " + mostSilence + " ms");
            }
        }
    }

    /** @param to absent for every member */
    public record Outgoing(@Nullable UUID to, Message message) {}

    /** @param main absent if nobody is known to lead */
    public record Standing(long term, Role role, @Nullable UUID main) {}

    /** @throws IOException if the ballot can be neither read nor moved aside: then this member must not take part */
    public Election(UUID self, Timing timing, BallotBox box, RandomGenerator random, long now) throws IOException {
        this.self = self;
        this.timing = timing;
        this.box = box;
        this.random = random;
        var kept = box.open();
        this.ballot = kept.orElse(Ballot.NONE);
        this.lost = kept.isPresent() ? null : new LostVote(timing);
        bind(now);
    }

    /** Takes the declared membership. It never shrinks by silence: only management declares. */
    public void declare(Voters declared, long now) {
        voters = declared;
        if (role == Role.MAIN && !leads(now)) {
            stepDown(now);
        }
    }

    /** How this member stands now: a main whose voters have gone is none, even before anybody told it. */
    public Standing standing(long now) {
        if (role == Role.MAIN && !leads(now)) {
            return new Standing(ballot.term(), Role.CANDIDATE, null);
        }
        return new Standing(ballot.term(), role, main);
    }

    /** When to call {@link #tick} next, in ms: who follows has nothing to do before the main has been silent. */
    public long pause(long now) {
        long due = role == Role.MAIN ? beatAt + timing.beat() : role == Role.WORKER ? deadline : 0;
        return due <= now ? Math.max(1, timing.beat() / 2) : Math.min(due - now, timing.leastSilence());
    }

    public List<Outgoing> tick(long now) {
        if (lost != null) {
            return voters.contains(self) && now >= deadline ? seek(lost, now) : List.of();
        }
        if (role == Role.MAIN) {
            if (!leads(now)) {
                stepDown(now);
            } else if (now - beatAt >= timing.beat()) {
                return beat(now);
            }
            return List.of();
        }
        return now >= deadline && voters.contains(self) ? stand(now) : List.of();
    }

    public List<Outgoing> receive(UUID from, Message message, long now) {
        if (!voters.contains(from) || from.equals(self)) {
            return List.of();
        }
        if (lost != null) {
            lost.heard(from, message);
            return List.of();
        }
        return switch (message) {
            case Message.Ask ask -> List.of(new Outgoing(from, answer(from, ask, now)));
            case Message.Vote vote -> count(from, vote, now);
            case Message.Beat beat -> follow(from, beat, now);
            case Message.Heard heard -> {
                heard(from, heard, now);
                yield List.of();
            }
        };
    }

    private List<Outgoing> seek(LostVote vote, long now) {
        var latest = vote.latest(voters, self);
        if (latest.isEmpty()) {
            return vote.ask(now);
        }
        if (put(new Ballot(latest.getAsLong(), self))) {
            lost = null;
            bind(now);
        }
        return List.of();
    }

    private List<Outgoing> stand(long now) {
        role = Role.CANDIDATE;
        main = null;
        standing = false;
        given.clear();
        given.add(self);
        askedAt = now;
        deadline = now + silence();
        if (voters.isQuorum(given)) {
            return standInEarnest(now);
        }
        return List.of(new Outgoing(null, new Message.Ask(ballot.term() + 1, true, now)));
    }

    private List<Outgoing> standInEarnest(long now) {
        if (now < boundUntil || !put(new Ballot(ballot.term() + 1, self))) {
            return List.of();
        }
        standing = true;
        given.clear();
        given.add(self);
        heardUs.clear();
        askedAt = now;
        deadline = now + silence();
        if (voters.isQuorum(given)) {
            return lead(now);
        }
        return List.of(new Outgoing(null, new Message.Ask(ballot.term(), false, now)));
    }

    private List<Outgoing> lead(long now) {
        role = Role.MAIN;
        main = self;
        standing = false;
        return beat(now);
    }

    private List<Outgoing> beat(long now) {
        beatAt = now;
        return List.of(new Outgoing(null, new Message.Beat(ballot.term(), now)));
    }

    private Message answer(UUID from, Message.Ask ask, long now) {
        boolean free = now >= boundUntil && !(role == Role.MAIN && leads(now));
        boolean mayGive = free && voters.contains(self) && (ask.term() > ballot.term() || isSameVote(from, ask));
        if (!mayGive || (!ask.trial() && !put(new Ballot(ask.term(), from)))) {
            return new Message.Vote(ballot.term(), ask.trial(), false, ask.askedAt());
        }
        if (!ask.trial()) {
            role = Role.WORKER;
            main = null;
            standing = false;
            bind(now);
        }
        return new Message.Vote(ask.term(), ask.trial(), true, ask.askedAt());
    }

    /** A question that came twice is answered twice. */
    private boolean isSameVote(UUID from, Message.Ask ask) {
        boolean open = ballot.vote() == null || from.equals(ballot.vote());
        return open && !ask.trial() && ask.term() == ballot.term();
    }

    private List<Outgoing> count(UUID from, Message.Vote vote, long now) {
        if (!vote.given()) {
            if (vote.term() > ballot.term() && !(role == Role.MAIN && leads(now))) {
                adopt(vote.term(), now);
            }
            return List.of();
        }
        boolean asked = role == Role.CANDIDATE && vote.trial() != standing && vote.askedAt() == askedAt;
        if (!asked || vote.term() != (vote.trial() ? ballot.term() + 1 : ballot.term())) {
            return List.of();
        }
        given.add(from);
        if (vote.trial()) {
            return voters.isQuorum(given) ? standInEarnest(now) : List.of();
        }
        heardUs.put(from, vote.askedAt());
        return voters.isQuorum(given) && leads(now) ? lead(now) : List.of();
    }

    private List<Outgoing> follow(UUID from, Message.Beat beat, long now) {
        if (beat.term() < ballot.term()) {
            return List.of(new Outgoing(from, new Message.Heard(ballot.term(), beat.sentAt())));
        }
        if (beat.term() > ballot.term() && !put(new Ballot(beat.term(), null))) {
            return List.of();
        }
        role = Role.WORKER;
        main = from;
        standing = false;
        bind(now);
        return List.of(new Outgoing(from, new Message.Heard(beat.term(), beat.sentAt())));
    }

    private void heard(UUID from, Message.Heard heard, long now) {
        if (heard.term() > ballot.term()) {
            adopt(heard.term(), now);
        } else if (role == Role.MAIN && heard.term() == ballot.term()) {
            heardUs.merge(from, heard.sentAt(), Math::max);
        }
    }

    /** A later term is known; nobody leads in it yet. */
    private void adopt(long term, long now) {
        if (put(new Ballot(term, null))) {
            if (role == Role.MAIN) {
                stepDown(now);
            }
            standing = false;
        }
    }

    private void stepDown(long now) {
        role = Role.CANDIDATE;
        main = null;
        heardUs.clear();
        deadline = now + silence();
    }

    /** Whether a quorum is bound to this member still. */
    private boolean leads(long now) {
        var bound = new HashSet<UUID>();
        bound.add(self);
        heardUs.forEach((member, at) -> {
            if (now < at + timing.leastSilence()) {
                bound.add(member);
            }
        });
        return voters.isQuorum(bound);
    }

    /** Whom this member has voted for or heard leads for at least that long. */
    private void bind(long now) {
        boundUntil = now + timing.leastSilence();
        deadline = now + silence();
    }

    private long silence() {
        return random.nextLong(timing.leastSilence(), timing.mostSilence() + 1);
    }

    private boolean put(Ballot next) {
        try {
            box.put(next);
            ballot = next;
            return true;
        } catch (IOException e) {
            log.warn("A ballot does not reach the disk, so this instance does not vote: {}", e.toString());
            return false;
        }
    }
}
