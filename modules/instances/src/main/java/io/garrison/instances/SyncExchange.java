package io.garrison.instances;

import io.garrison.instances.ConfigurationSync.Keep;
import io.garrison.instances.ConfigurationSync.Settings;
import io.garrison.instances.InstanceException.SyncRefused;
import io.garrison.instances.SyncContents.Here;
import io.garrison.instances.peer.Fingerprint;
import io.garrison.instances.peer.Peer.Content;
import io.garrison.instances.peer.Peer.Line;
import io.garrison.instances.peer.Peer.Offer;
import io.garrison.instances.peer.Peer.Overview;
import io.garrison.instances.peer.Peer.Problem;
import io.garrison.instances.peer.Peer.Taken;
import io.garrison.instances.peer.ThreeWay;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * This side of an exchange between two installations, for the bound tenant: each method is a transaction, and between them
 * anything may change. Whatever is changed here was compared again under the stack's lock.
 *
 * <p>Each is told by which version of the settings the conversation began, and refuses with {@link #SETTINGS_CHANGED} if it
 * is switched off or set anew since: what was said under other settings, or to the holder of another key, holds no more.
 */
@Component
@Transactional
class SyncExchange {

    static final String SETTINGS_CHANGED = "sync.settings-changed";

    private final SyncStore store;
    private final SyncContents contents;
    private final SyncPublication publication;
    private final Clock clock;

    SyncExchange(SyncStore store, SyncContents contents, SyncPublication publication, Clock clock) {
        this.store = store;
        this.contents = contents;
        this.publication = publication;
        this.clock = clock;
    }

    /**
     * What is to be done about one stack.
     *
     * @param decided whether a person has chosen so
     * @param shown whether what the peer has is at hand, for a person to choose
     */
    record Task(
            String stack,
            ThreeWay way,
            @Nullable Fingerprint mine,
            @Nullable Fingerprint theirs,
            boolean decided,
            boolean shown) {}

    @Transactional(readOnly = true)
    Overview overview(long version) {
        var here = contents.all(as(version, store.settings()).withCertificates());
        var memories = store.memories();
        var names = new TreeSet<>(here.keySet());
        names.addAll(memories.keySet());
        return new Overview(names.stream()
                .map(name -> line(name, here.get(name), memories.getOrDefault(name, SyncMemory.NONE)))
                .toList());
    }

    private static Settings as(long version, Settings settings) {
        if (!settings.enabled() || settings.version() != version) {
            throw new SyncRefused(SETTINGS_CHANGED, "Configuration Sync was switched off or set anew meanwhile.");
        }
        return settings;
    }

    private static Line line(String name, @Nullable Here here, SyncMemory memory) {
        return new Line(
                name,
                here == null ? null : here.current(),
                here == null ? 0 : here.revision(),
                memory.base(),
                memory.trouble());
    }

    /** Hears what the peer has, remembers it, and says what follows from it. */
    List<Task> learn(long version, Overview theirs) {
        var settings = as(version, store.lockedSettings());
        var here = contents.all(settings.withCertificates());
        var memories = store.memories();
        var there = theirs.stacks().stream()
                .filter(line -> Names.isStackName(line.stack()))
                .limit(SyncContents.MAX_STACKS)
                .collect(Collectors.toMap(Line::stack, Function.identity(), (one, other) -> one));
        var names = new TreeSet<>(here.keySet());
        names.addAll(there.keySet());
        names.addAll(memories.keySet());
        var tasks = new ArrayList<Task>();
        for (var name : names) {
            var line = there.getOrDefault(name, new Line(name, null, 0, null, null));
            learn(line, Optional.ofNullable(here.get(name)), memories.getOrDefault(name, SyncMemory.NONE))
                    .ifPresent(tasks::add);
        }
        return tasks;
    }

    private Optional<Task> learn(Line line, Optional<Here> here, SyncMemory before) {
        var mine = here.map(Here::current).orElse(null);
        var memory = before.adopting(line.base()).seeing(line).choosingBetween(mine, line.current());
        var way = memory.way(mine);
        if (way == ThreeWay.SAME) {
            if (mine == null || line.current() == null) {
                store.forget(line.stack());
                return Optional.empty();
            }
            memory = memory.stillAgreeing(mine.common(line.current()), clock.instant());
        }
        if (!memory.equals(before)) {
            store.remember(line.stack(), memory);
        }
        return way == ThreeWay.SAME ? Optional.empty() : Optional.of(task(line, way, mine, memory));
    }

    private static Task task(Line line, ThreeWay way, @Nullable Fingerprint mine, SyncMemory memory) {
        var choice = memory.choice();
        var chosen = choice == null ? way : choice.keep() == Keep.MINE ? ThreeWay.PUSH : ThreeWay.PULL;
        var seen = memory.theirs();
        boolean shown = line.current() == null || seen != null && seen.policy() != null;
        return new Task(line.stack(), chosen, mine, line.current(), choice != null, shown);
    }

    /**
     * @param whole with private keys, to be published by the peer
     * @throws InstanceException.NotFound if nothing is published under that name
     */
    Content content(long version, String stack, boolean whole) {
        var settings = as(version, store.lockedSettings());
        var here = contents.find(stack, settings.withCertificates()).orElseThrow(InstanceException.NotFound::new);
        var content = contents.content(here, whole);
        if (whole) {
            store.remember(stack, store.memory(stack).sending(content.fingerprint()));
        }
        return content;
    }

    /** Keeps what the peer has, so that a person can look at it. */
    void show(long version, Content theirs) {
        change(version, theirs.stack(), memory -> memory.showing(theirs));
    }

    /** The peer has taken it. */
    void taken(long version, Content content, Taken there) {
        var now = clock.instant();
        var both = content.fingerprint().common(there.both());
        change(version, content.stack(), memory -> memory.agreeing(both, there.revision(), now));
    }

    /** Why what one has cannot be taken by the other. */
    void trouble(long version, String stack, Problem problem) {
        change(version, stack, memory -> memory.troubled(problem));
    }

    private void change(long version, String stack, UnaryOperator<SyncMemory> how) {
        as(version, store.lockedSettings());
        store.remember(stack, how.apply(store.memory(stack)));
    }

    @Nullable
    Fingerprint base(String stack) {
        return store.memory(stack).base();
    }

    /**
     * Publishes what the peer has handed over, if this side has not changed as well.
     *
     * @throws io.garrison.tenancy.Refusal if it may not, or does not hold here; nothing is changed then
     */
    Taken take(long version, Offer offer, String from) {
        var settings = as(version, store.lockedSettings());
        if (!settings.acceptRemote()) {
            throw new SyncRefused("sync.remote-not-accepted", "The peer does not accept remote changes.");
        }
        var content = offer.content();
        var here = locked(content.stack(), settings.withCertificates());
        var mine = here.map(Here::current).orElse(null);
        var memory = store.memory(content.stack()).adopting(offer.base());
        var way = ThreeWay.of(mine, content.fingerprint(), memory.base(), offer.base());
        if (way == ThreeWay.SAME) {
            var both = mine == null ? content.fingerprint() : mine.common(content.fingerprint());
            store.remember(content.stack(), memory.agreeing(both, content.revision(), clock.instant()));
            return new Taken(here.map(Here::revision).orElse(0L), both);
        }
        if (!Fingerprint.same(mine, offer.expected())) {
            throw new SyncRefused("sync.moved-on", "The peer has changed meanwhile.");
        }
        if (way != ThreeWay.PULL && !offer.decided()) {
            throw new SyncRefused("sync.conflict", "Both sides have changed the stack %s.".formatted(content.stack()));
        }
        return publish(here, content, memory, from);
    }

    /**
     * Publishes what was fetched from the peer, if that is to be taken by itself or a person has chosen it.
     *
     * @param expected what was here when that was decided
     * @throws io.garrison.tenancy.Refusal if it does not hold here; nothing is changed then
     */
    void pull(long version, Content content, @Nullable Fingerprint expected, String from) {
        var settings = as(version, store.lockedSettings());
        var here = locked(content.stack(), settings.withCertificates());
        if (!Fingerprint.same(here.map(Here::current).orElse(null), expected)) {
            throw new SyncRefused("sync.moved-on", "This side has changed meanwhile.");
        }
        var memory = store.memory(content.stack());
        if (!settings.acceptRemote() && !memory.isChosen(Keep.THEIRS, expected, content.fingerprint())) {
            throw new SyncRefused("sync.moved-on", "This side does not take remote changes by itself.");
        }
        var unused = publish(here, content, memory, from);
    }

    private Optional<Here> locked(String stack, boolean withCertificates) {
        contents.find(stack, withCertificates).ifPresent(publication::lock);
        return contents.find(stack, withCertificates);
    }

    private Taken publish(Optional<Here> here, Content content, SyncMemory memory, String from) {
        var comparable = store.settings().withCertificates() ? content : withoutCertificates(content);
        var published = publication.publish(here.orElse(null), comparable, from);
        store.remember(content.stack(), memory.agreeing(comparable.fingerprint(), content.revision(), clock.instant()));
        return new Taken(published.number(), comparable.fingerprint());
    }

    private static Content withoutCertificates(Content content) {
        return new Content(
                content.stack(),
                content.trafficMode(),
                new Fingerprint(content.fingerprint().policy(), null),
                content.revision(),
                content.comment(),
                content.policy(),
                List.of());
    }
}
