package io.garrison.instances;

import io.garrison.instances.ConfigurationSync.Settings;
import io.garrison.instances.ConfigurationSync.Side;
import io.garrison.instances.ConfigurationSync.StackState;
import io.garrison.instances.ConfigurationSync.State;
import io.garrison.instances.ConfigurationSync.Status;
import io.garrison.instances.SyncContents.Here;
import io.garrison.instances.peer.Fingerprint;
import io.garrison.instances.peer.Peer.Problem;
import io.garrison.instances.peer.ThreeWay;
import io.garrison.instances.policy.PolicyDifference;
import io.garrison.protocol.Policy;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How two installations stand to each other, as far as this one knows. Works in the caller's transaction. */
@Component
class SyncStates {

    /** What most needs somebody comes first. */
    private static final List<State> URGENCY =
            List.of(State.CONFLICT, State.REFUSED, State.BEHIND, State.AHEAD, State.IN_SYNC);

    private final SyncStore store;
    private final SyncContents contents;
    private final Revisions revisions;
    private final SyncContacts contacts;
    private final Clock clock;

    SyncStates(SyncStore store, SyncContents contents, Revisions revisions, SyncContacts contacts, Clock clock) {
        this.store = store;
        this.contents = contents;
        this.revisions = revisions;
        this.contacts = contacts;
        this.clock = clock;
    }

    @Nullable
    Fingerprint current(String stack, Settings settings) {
        return contents.find(stack, settings.withCertificates())
                .map(Here::current)
                .orElse(null);
    }

    Status status() {
        var settings = store.settings();
        var here = contents.all(settings.withCertificates());
        var memories = store.memories();
        var names = new TreeSet<>(here.keySet());
        names.addAll(memories.keySet());
        var stacks = names.stream()
                .map(name -> stack(name, here.get(name), memories.getOrDefault(name, SyncMemory.NONE)))
                .toList();
        var lastSync = stacks.stream()
                .map(StackState::lastSync)
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(null);
        return new Status(
                whole(settings, stacks),
                settings.peerHost().isEmpty() ? "" : settings.peerHost() + " port " + settings.peerPort(),
                contacts.last(),
                lastSync,
                settings.enabled() ? contacts.trouble() : null,
                stacks);
    }

    private State whole(Settings settings, List<StackState> stacks) {
        if (!settings.enabled()) {
            return State.DISABLED;
        }
        if (!contacts.isReached(clock.instant())) {
            return contacts.isRefused() ? State.REFUSED : State.UNREACHABLE;
        }
        return URGENCY.stream()
                .filter(state -> stacks.stream().anyMatch(stack -> stack.state() == state))
                .findFirst()
                .orElse(State.IN_SYNC);
    }

    private StackState stack(String name, @Nullable Here here, SyncMemory memory) {
        var mine = here == null ? null : here.current();
        var theirs = memory.theirs();
        var way = memory.way(mine);
        var trouble = trouble(way, memory);
        var choice = memory.choice();
        var base = memory.base();
        return new StackState(
                name,
                state(way, trouble),
                mine == null || here == null ? null : new Side(here.revision(), mine.policy()),
                theirs == null || theirs.current() == null
                        ? null
                        : new Side(theirs.revision(), theirs.current().policy()),
                base == null ? null : base.policy(),
                choice == null ? null : choice.keep(),
                trouble,
                memory.lastSync(),
                way == ThreeWay.CONFLICT ? difference(here, memory) : null);
    }

    /** Who has something to take knows best why it cannot; who has something to give is told. */
    private static @Nullable Problem trouble(ThreeWay way, SyncMemory memory) {
        return switch (way) {
            case SAME -> null;
            case PULL, CONFLICT -> memory.trouble();
            case PUSH -> memory.trouble() != null ? memory.trouble() : memory.theirTrouble();
        };
    }

    private static State state(ThreeWay way, @Nullable Problem trouble) {
        return switch (way) {
            case SAME -> State.IN_SYNC;
            case CONFLICT -> State.CONFLICT;
            case PUSH -> trouble == null ? State.AHEAD : State.REFUSED;
            case PULL -> trouble == null ? State.BEHIND : State.REFUSED;
        };
    }

    private @Nullable PolicyDiff difference(@Nullable Here here, SyncMemory memory) {
        var theirs = memory.theirs();
        if (theirs == null || theirs.current() != null && theirs.policy() == null) {
            return null; // not asked for yet
        }
        var mine = here == null ? Policy.EMPTY : revisions.policy(here.id(), here.revision());
        return PolicyDifference.between(
                here == null ? 0 : here.revision(),
                mine,
                theirs.revision(),
                theirs.policy() == null ? Policy.EMPTY : theirs.policy());
    }
}
