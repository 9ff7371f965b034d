package io.garrison.edge.cluster;

import io.garrison.edge.cluster.election.BallotBox;
import io.garrison.edge.cluster.election.Election;
import io.garrison.edge.cluster.election.Election.Outgoing;
import io.garrison.edge.cluster.election.Election.Standing;
import io.garrison.edge.cluster.election.Message;
import io.garrison.edge.cluster.election.Role;
import io.garrison.edge.cluster.election.Voters;
import io.garrison.edge.state.ClusterSettings;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This member's election with a clock and a way out. Thread-safe; nothing is sent while the lock is held. */
final class Elector {

    private static final Logger log = LoggerFactory.getLogger(Elector.class);
    private static final long IDLE_MS = 1_000;

    private final @Nullable Election election;
    private final Voice voice;
    private final Consumer<Standing> changed;
    private @Nullable UUID main;
    private long seen;

    /** How a message gets out; it may get lost. */
    interface Voice {
        /** @param to absent for all */
        void say(@Nullable UUID to, byte[] message);
    }

    /** @param changed told of another main */
    Elector(
            UUID self,
            Election.Timing timing,
            BallotBox box,
            RandomGenerator random,
            Voice voice,
            Consumer<Standing> changed) {
        this.voice = voice;
        this.changed = changed;
        this.election = open(self, timing, box, random);
    }

    static Election.Timing timing(ClusterSettings settings) {
        var said = settings.election();
        return new Election.Timing(said.timeoutMinMs(), said.timeoutMaxMs(), said.heartbeatIntervalMs());
    }

    Standing standing() {
        synchronized (this) {
            return election == null ? new Standing(0, Role.WORKER, null) : election.standing(now());
        }
    }

    /** Elections that were seen to end, this member's own and others'. */
    synchronized long seen() {
        return seen;
    }

    void declare(Voters voters) {
        with(machine -> {
            machine.declare(voters, now());
            return List.of();
        });
    }

    /** Takes its turns among these until they end. */
    void keepUp(Turns turns) {
        turns.soon(() -> tick(turns));
    }

    private void tick(Turns turns) {
        try {
            with(machine -> machine.tick(now()));
        } finally {
            turns.after(pause(), () -> tick(turns));
        }
    }

    private synchronized long pause() {
        return election == null ? IDLE_MS : election.pause(now());
    }

    void receive(UUID from, Message message) {
        with(machine -> machine.receive(from, message, now()));
    }

    private void with(Function<Election, List<Outgoing>> step) {
        List<Outgoing> outgoing;
        Standing standing;
        boolean news;
        synchronized (this) {
            if (election == null) {
                return;
            }
            outgoing = step.apply(election);
            standing = election.standing(now());
            news = standing.main() != null && !standing.main().equals(main);
            if (news) {
                main = standing.main();
                seen++;
            }
        }
        outgoing.forEach(message -> voice.say(message.to(), Wire.bytes(new Wire.Elects(message.message()))));
        if (news) {
            changed.accept(standing);
        }
    }

    private static @Nullable Election open(UUID self, Election.Timing timing, BallotBox box, RandomGenerator random) {
        try {
            return new Election(self, timing, box, random, now());
        } catch (IOException e) {
            log.error("This instance takes no part in elections: {}", e.getMessage());
            return null;
        }
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }
}
