package io.garrison.edge.cluster;

import io.garrison.edge.state.ClusterSettings;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one peer is, from the answers that it gives. Not thread-safe.
 *
 * <p>It is suspect once as many answers in a row as the failure threshold have failed, or as soon as the group has lost it;
 * lost after as many intervals without a sign of life as heartbeats may be missed; and healthy again after as many good
 * answers in a row as the success threshold. Whoever was never suspect is healthy with the first answer.
 */
final class MemberHealth {

    private final Rules rules;
    private Status status = Status.LOST;
    private boolean everSeen;
    private int good;
    private int failed;
    private @Nullable Instant lastSeen;

    enum Status {
        HEALTHY,
        SUSPECT,
        LOST
    }

    /** @param patience without any sign of life, after which a peer is lost */
    record Rules(int successThreshold, int failureThreshold, Duration patience) {

        static Rules of(ClusterSettings settings) {
            var health = settings.health();
            return new Rules(
                    settings.gossip().successThreshold(),
                    settings.gossip().failureThreshold(),
                    Duration.ofSeconds((long) health.checkIntervalSecs() * health.maxMissedHeartbeats()));
        }
    }

    MemberHealth(Rules rules) {
        this.rules = rules;
    }

    Status status() {
        return status;
    }

    @Nullable
    Instant lastSeen() {
        return lastSeen;
    }

    void answered(Instant now) {
        failed = 0;
        good++;
        lastSeen = now;
        if (!everSeen || good >= rules.successThreshold()) {
            status = Status.HEALTHY;
        } else if (status == Status.LOST) {
            status = Status.SUSPECT;
        }
        everSeen = true;
    }

    void failed(Instant now) {
        good = 0;
        failed++;
        if (status == Status.HEALTHY && failed >= rules.failureThreshold()) {
            status = Status.SUSPECT;
        }
        age(now);
    }

    /** The group has lost the connection to it. */
    void gone() {
        good = 0;
        if (status == Status.HEALTHY) {
            status = Status.SUSPECT;
        }
    }

    void age(Instant now) {
        if (lastSeen == null || Duration.between(lastSeen, now).compareTo(rules.patience()) >= 0) {
            status = Status.LOST;
        }
    }
}
