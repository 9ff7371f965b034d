package io.garrison.instances;

import io.garrison.instances.ConfigurationSync.Settings;
import io.garrison.instances.SyncExchange.Task;
import io.garrison.instances.peer.Fingerprint;
import io.garrison.instances.peer.Peer;
import io.garrison.instances.peer.Peer.Line;
import io.garrison.instances.peer.Peer.Offer;
import io.garrison.instances.peer.Peer.Overview;
import io.garrison.instances.peer.PeerTrouble;
import io.garrison.instances.peer.PeerWords;
import io.garrison.tenancy.Refusal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * One look at what the peer has, and what follows from it. Nothing is locked while the peer is asked; if something changes
 * meanwhile, on either side, the step is refused and the next round sees it.
 */
@Component
class SyncRound {

    /** Not worth telling anybody: the next round finds out. */
    private static final Set<String> PASSING =
            Set.of("sync.moved-on", "sync.conflict", "not-found", SyncExchange.SETTINGS_CHANGED);

    /** No step begins later: other settings wait for the round to end. Leaves time for one step after the longest look. */
    static final Duration MOST = Duration.ofMinutes(3);

    private final SyncExchange exchange;
    private final Clock clock;

    SyncRound(SyncExchange exchange, Clock clock) {
        this.exchange = exchange;
        this.clock = clock;
    }

    /**
     * Ends early, for the next one to go on, when it takes too long.
     *
     * @throws PeerTrouble if the peer cannot be spoken with; what was done until then stays done
     * @throws InstanceException.SyncRefused if the settings are not these any more; likewise
     */
    void run(Settings settings, Peer peer) throws PeerTrouble {
        var end = clock.instant().plus(MOST);
        var tasks = new ArrayList<>(look(settings.version(), peer));
        // So that those that are refused after a long time do not always keep the same others waiting.
        Collections.shuffle(tasks);
        for (var task : tasks) {
            if (clock.instant().isAfter(end)) {
                return;
            }
            try {
                perform(task, settings, peer);
            } catch (PeerTrouble e) {
                if (e.kind() != PeerTrouble.Kind.REFUSED) {
                    throw e;
                }
                if (!PASSING.contains(e.code())) {
                    exchange.trouble(settings.version(), task.stack(), e.problem());
                }
            }
        }
    }

    private List<Task> look(long version, Peer peer) throws PeerTrouble {
        var before = exchange.overview(version);
        var tasks = exchange.learn(version, peer.overview(before));
        var after = exchange.overview(version);
        // What turned out to have arrived is told at once: until then the peer has to take it for a conflict.
        return bases(after).equals(bases(before)) ? tasks : exchange.learn(version, peer.overview(after));
    }

    private static List<Line> bases(Overview overview) {
        return overview.stacks().stream()
                .map(line -> new Line(line.stack(), null, 0, line.base(), null))
                .toList();
    }

    private void perform(Task task, Settings settings, Peer peer) throws PeerTrouble {
        switch (task.way()) {
            case SAME -> {}
            case PUSH -> push(task, settings, peer);
            case PULL -> {
                if (settings.acceptRemote() || task.decided()) {
                    pull(task, settings, peer);
                }
            }
            case CONFLICT -> {
                if (!task.shown()) {
                    exchange.show(settings.version(), peer.content(task.stack(), false));
                }
            }
        }
    }

    private void push(Task task, Settings settings, Peer peer) throws PeerTrouble {
        var content = exchange.content(settings.version(), task.stack(), true);
        if (Fingerprint.same(content.fingerprint(), task.mine())) {
            var offer = new Offer(content, task.theirs(), exchange.base(task.stack()), task.decided());
            exchange.taken(settings.version(), content, peer.take(offer));
        }
    }

    private void pull(Task task, Settings settings, Peer peer) throws PeerTrouble {
        var content = peer.content(task.stack(), true);
        if (!Fingerprint.same(content.fingerprint(), task.theirs())) {
            return;
        }
        try {
            exchange.pull(settings.version(), content, task.mine(), settings.peerHost());
        } catch (Refusal e) {
            if (e.code().equals(SyncExchange.SETTINGS_CHANGED)) {
                throw e;
            }
            if (!PASSING.contains(e.code())) {
                exchange.trouble(settings.version(), task.stack(), PeerWords.problem(e));
            }
        }
    }
}
