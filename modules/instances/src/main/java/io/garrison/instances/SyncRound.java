package io.garrison.instances;

import io.garrison.instances.ConfigurationSync.Settings;
import io.garrison.instances.SyncExchange.Task;
import io.garrison.instances.peer.Fingerprint;
import io.garrison.instances.peer.Peer;
import io.garrison.instances.peer.Peer.Offer;
import io.garrison.instances.peer.PeerTrouble;
import io.garrison.instances.peer.PeerWords;
import io.garrison.tenancy.Refusal;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * One look at what the peer has, and what follows from it. Nothing is locked while the peer is asked; if something changes
 * meanwhile, on either side, the step is refused and the next round sees it.
 */
@Component
class SyncRound {

    /** Not worth telling anybody: the next round finds out. */
    private static final Set<String> PASSING = Set.of("sync.moved-on", "sync.conflict", "not-found");

    private final SyncExchange exchange;

    SyncRound(SyncExchange exchange) {
        this.exchange = exchange;
    }

    /** @throws PeerTrouble if the peer cannot be spoken with; what was done until then stays done */
    void run(Settings settings, Peer peer) throws PeerTrouble {
        var theirs = peer.overview(exchange.overview());
        for (var task : exchange.learn(theirs)) {
            try {
                perform(task, settings, peer);
            } catch (PeerTrouble e) {
                if (e.kind() != PeerTrouble.Kind.REFUSED) {
                    throw e;
                }
                if (!PASSING.contains(e.code())) {
                    exchange.trouble(task.stack(), e.problem());
                }
            }
        }
    }

    private void perform(Task task, Settings settings, Peer peer) throws PeerTrouble {
        switch (task.way()) {
            case SAME -> {}
            case PUSH -> push(task, peer);
            case PULL -> {
                if (settings.acceptRemote() || task.decided()) {
                    pull(task, settings, peer);
                }
            }
            case CONFLICT -> {
                if (!task.shown()) {
                    exchange.show(peer.content(task.stack(), false));
                }
            }
        }
    }

    private void push(Task task, Peer peer) throws PeerTrouble {
        var content = exchange.content(task.stack(), true);
        if (Fingerprint.same(content.fingerprint(), task.mine())) {
            var offer = new Offer(content, task.theirs(), exchange.base(task.stack()), task.decided());
            exchange.taken(content, peer.take(offer));
        }
    }

    private void pull(Task task, Settings settings, Peer peer) throws PeerTrouble {
        var content = peer.content(task.stack(), true);
        if (!Fingerprint.same(content.fingerprint(), task.theirs())) {
            return;
        }
        try {
            exchange.pull(content, task.mine(), settings.peerHost());
        } catch (Refusal e) {
            if (!PASSING.contains(e.code())) {
                exchange.trouble(task.stack(), PeerWords.problem(e));
            }
        }
    }
}
