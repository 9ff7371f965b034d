package io.garrison.instances;

import io.garrison.instances.InstanceException.SyncRefused;
import io.garrison.instances.SyncMemory.Choice;
import io.garrison.instances.peer.Fingerprint;
import io.garrison.instances.peer.PeerTrouble;
import io.garrison.instances.peer.ThreeWay;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import io.garrison.tenancy.http.EntityTag;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class ConfigurationSyncService implements ConfigurationSync {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int KEY_BYTES = 32;

    private final SyncStore store;
    private final SyncStates states;
    private final SyncSettingsReader reader;
    private final SyncDialling dialling;
    private final Recording recording;

    ConfigurationSyncService(
            SyncStore store, SyncStates states, SyncSettingsReader reader, SyncDialling dialling, Recording recording) {
        this.store = store;
        this.states = states;
        this.reader = reader;
        this.dialling = dialling;
        this.recording = recording;
    }

    /** Whether there is any, and what a change is written down with and told by. */
    @Component
    record Recording(DeploymentRules rules, AuditTrail audit, SyncContacts contacts, SyncBell bell, Clock clock) {

        void requireHere() {
            if (!rules.configurationSync()) {
                throw new InstanceException.StandaloneOnly();
            }
        }
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public Settings settings() {
        recording.requireHere();
        return store.settings();
    }

    @Override
    @Requires(Permission.STACK_MANAGE)
    @Transactional
    public Settings change(long seen, Wish wish) {
        recording.requireHere();
        var before = store.lockedSettings();
        EntityTag.check(seen, before.version());
        var errors = SyncWishes.errors(wish, before.authKeySet());
        if (!errors.isEmpty()) {
            throw new InstanceException.Invalid("sync.settings", errors);
        }
        save(wish, wish.authKey());
        recording
                .audit()
                .record(
                        "configuration-sync.changed",
                        "configuration-sync",
                        "settings",
                        Map.of(
                                "enabled", wish.enabled(),
                                "acceptRemote", wish.acceptRemote(),
                                "peerHost", wish.peerHost(),
                                "peerPort", wish.peerPort(),
                                "listenPort", wish.listenPort(),
                                "timeoutSeconds", wish.timeoutSeconds(),
                                "scope", wish.scope().stream().sorted().toList(),
                                "authKeyChanged", wish.authKey() != null));
        return store.settings();
    }

    @Override
    @Requires(Permission.STACK_MANAGE)
    @Transactional
    public String newKey() {
        recording.requireHere();
        byte[] random = new byte[KEY_BYTES];
        RANDOM.nextBytes(random);
        var key = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        save(SyncWishes.of(store.lockedSettings()), key);
        recording.audit().record("configuration-sync.key-made", "configuration-sync", "settings", Map.of());
        return key;
    }

    private void save(Wish wish, @Nullable String key) {
        store.save(wish, recording.clock().instant(), Actor.current().name());
        if (key != null) {
            store.saveKey(key);
        }
        recording.contacts().forget();
        recording.bell().ringAfterCommit();
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public Status status() {
        recording.requireHere();
        return states.status();
    }

    @Override
    @Requires(Permission.POLICY_EDIT)
    @Transactional
    public Status resolve(String stack, Keep keep, @Nullable String theirs) {
        recording.requireHere();
        if (!Names.isStackName(stack)) {
            throw new InstanceException.NotFound();
        }
        var settings = store.lockedSettings();
        var mine = states.current(stack, settings);
        var memory = store.memory(stack);
        var there = memory.there();
        requireChoosable(memory.way(mine), keep);
        if (theirs != null && (there == null || !there.policy().equals(theirs))) {
            throw new SyncRefused(
                    "sync.moved-on", "The peer has published something else since you looked. Look again.");
        }
        if ((keep == Keep.MINE ? mine : there) == null) {
            throw new SyncRefused(
                    "sync.delete-by-hand",
                    "There is nothing of the stack on that side. Deleting is not carried over: delete the stack here too, or keep the other.");
        }
        store.remember(stack, memory.choosing(new Choice(keep, mine, there)));
        recording
                .audit()
                .record(
                        "configuration-sync.resolved",
                        "stack",
                        stack,
                        Map.of("keep", keep.name(), "mine", policy(mine), "theirs", policy(there)));
        recording.bell().ringAfterCommit();
        return states.status();
    }

    private static String policy(@Nullable Fingerprint of) {
        return of == null ? "" : of.policy();
    }

    /** What is only not taken by itself may be taken; what will go over by itself needs no choice. */
    private static void requireChoosable(ThreeWay way, Keep keep) {
        if (way == ThreeWay.CONFLICT || way == ThreeWay.PULL && keep == Keep.THEIRS) {
            return;
        }
        throw new SyncRefused(
                "sync.no-conflict", "There is nothing to choose: the two sides have not both changed this stack.");
    }

    /** Without a transaction, because it waits for somebody else. */
    @Override
    @Requires(Permission.STACK_MANAGE)
    public Trial test() {
        recording.requireHere();
        var stored = reader.read();
        var key = stored.key();
        if (key == null || stored.settings().peerHost().isEmpty()) {
            throw new SyncRefused("sync.not-set-up", "Set the peer's address and the key first.");
        }
        long began = System.nanoTime();
        try (var unused = dialling.dial(CurrentTenant.require(), stored.settings(), key)) {
            return new Trial(true, millisSince(began), null);
        } catch (PeerTrouble e) {
            return new Trial(false, millisSince(began), e.problem());
        }
    }

    private static long millisSince(long began) {
        return (System.nanoTime() - began) / 1_000_000;
    }
}
