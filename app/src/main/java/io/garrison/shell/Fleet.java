package io.garrison.shell;

import com.vaadin.flow.component.Component;
import io.garrison.instances.LifecycleState;
import io.garrison.protocol.SyncState;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.Tile;
import io.garrison.tenancy.ui.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Instances counted by state, as the overviews show them. */
final class Fleet {

    private final Map<LifecycleState, Integer> lifecycle;
    private final Map<SyncState, Integer> sync;

    Fleet(Map<LifecycleState, Integer> lifecycle, Map<SyncState, Integer> sync) {
        this.lifecycle = lifecycle;
        this.sync = sync;
    }

    int total() {
        return lifecycle.entrySet().stream()
                .filter(one -> one.getKey() != LifecycleState.RETIRED)
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    private int connected() {
        return lifecycle.entrySet().stream()
                .filter(one -> one.getKey().isConnected())
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    private int in(LifecycleState state) {
        return lifecycle.getOrDefault(state, 0);
    }

    private int in(SyncState state) {
        return sync.getOrDefault(state, 0);
    }

    void showInstances(Tile tile) {
        List<Component> words = new ArrayList<>();
        add(words, Signal.BAD, in(LifecycleState.LOST), "lost");
        add(words, Signal.WARNING, in(LifecycleState.SUSPECT), "suspect");
        add(words, Signal.BAD, in(LifecycleState.QUARANTINED), "quarantined");
        add(words, Signal.UNKNOWN, in(LifecycleState.PENDING), "pending");
        if (words.isEmpty() && total() > 0) {
            words.add(new StateBadge(Signal.GOOD, "All connected"));
        }
        if (total() == 0) {
            words.add(new StateBadge(Signal.UNKNOWN, "None yet"));
        }
        tile.show(Units.count(connected()) + " of " + Units.count(total()), words.toArray(Component[]::new));
    }

    void showSync(Tile tile) {
        List<Component> words = new ArrayList<>();
        add(words, Signal.BAD, in(SyncState.FAILED), "refused");
        add(words, Signal.WARNING, in(SyncState.OUT_OF_SYNC), "changed locally");
        add(words, Signal.WARNING, in(SyncState.MODIFIED) + in(SyncState.APPLYING), "behind");
        add(words, Signal.UNKNOWN, in(SyncState.NEVER_APPLIED), "never applied");
        if (words.isEmpty()) {
            words.add(
                    in(SyncState.IN_SYNC) > 0
                            ? new StateBadge(Signal.GOOD, "All in sync")
                            : new StateBadge(Signal.UNKNOWN, "Nothing to compare"));
        }
        tile.show(Units.count(in(SyncState.IN_SYNC)), words.toArray(Component[]::new));
    }

    private static void add(List<Component> words, Signal signal, int number, String word) {
        if (number > 0) {
            words.add(new StateBadge(signal, Units.count(number) + " " + word));
        }
    }
}
