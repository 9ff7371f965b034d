package io.garrison.instances;

import io.garrison.instances.ConfigurationSync.Settings;
import io.garrison.instances.InstanceException.SyncRefused;
import io.garrison.instances.peer.PeerListener;
import io.garrison.instances.peer.PeerTrouble;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.TenantDirectory;
import io.garrison.tenancy.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Keeps the configuration the same as the peer's for as long as the application runs, where the mode has it: at once when
 * the bell rings, and every 15 seconds, so that a peer that was away catches up. One thread does it all, so that no two
 * rounds of this side run at once.
 */
@Component
class ConfigurationSyncLoop implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ConfigurationSyncLoop.class);

    private static final Duration PAUSE = Duration.ofSeconds(15);
    private static final Duration STOP = Duration.ofSeconds(5);

    private final Around around;
    private final SyncDialling dialling;
    private final SyncRound round;
    private final SyncContacts contacts;
    private final SyncSettingsReader stored;

    private volatile @Nullable Thread thread;
    private @Nullable Opened opened;

    ConfigurationSyncLoop(
            Around around, SyncDialling dialling, SyncRound round, SyncContacts contacts, SyncSettingsReader stored) {
        this.around = around;
        this.dialling = dialling;
        this.round = round;
        this.contacts = contacts;
        this.stored = stored;
    }

    /** When to work, and for whom. */
    @Component
    record Around(DeploymentRules rules, TenantDirectory tenants, SyncBell bell, Clock clock) {}

    private record Opened(PeerListener listener, long version, byte[] key) {}

    /** After the web server, like the edge gateway: both need the database, and stop before it. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE + 512;
    }

    @Override
    public void start() {
        if (around.rules().configurationSync()) {
            // Known before it runs, because it asks whether it is still the one that is wanted.
            var made = Thread.ofVirtual().name("configuration-sync").unstarted(this::keepOn);
            thread = made;
            made.start();
        }
    }

    @Override
    public void stop() {
        var running = thread;
        thread = null;
        if (running == null) {
            return;
        }
        running.interrupt();
        try {
            if (!running.join(STOP)) {
                log.warn("configuration sync did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private void keepOn() {
        while (thread == Thread.currentThread()) {
            try {
                look();
            } catch (RuntimeException e) {
                log.error("configuration sync fails; tries again", e);
            }
            try {
                around.bell().await(PAUSE);
            } catch (InterruptedException e) {
                break;
            }
        }
        hangUp();
    }

    private void look() {
        var tenant = around.tenants().all().stream().findFirst();
        if (tenant.isEmpty()) {
            hangUp();
            return;
        }
        var id = tenant.get().id();
        CurrentTenant.runAs(id, () -> look(id));
    }

    private void look(TenantId tenant) {
        var wanted = stored.read();
        var key = wanted.key();
        if (!wanted.settings().enabled() || key == null) {
            hangUp();
            return;
        }
        listen(tenant, wanted.settings(), key);
        dial(tenant, wanted.settings(), key);
    }

    /** Anew whenever anything was set: whoever spoke before that has to prove the key of now. */
    private void listen(TenantId tenant, Settings settings, byte[] key) {
        var now = opened;
        if (now != null
                && now.version() == settings.version()
                && Arrays.equals(now.key(), key)
                && !now.listener().isDue(around.clock().instant())) {
            return;
        }
        hangUp();
        try {
            opened = new Opened(dialling.listen(tenant, settings, key), settings.version(), key);
            contacts.listening(null);
        } catch (PeerTrouble e) {
            contacts.listening(e);
        }
    }

    private void hangUp() {
        var now = opened;
        opened = null;
        if (now != null) {
            now.listener().close();
        }
        contacts.listening(null);
    }

    private void dial(TenantId tenant, Settings settings, byte[] key) {
        var actor = SyncLocalPeer.actor(settings.peerHost(), settings.peerHost());
        try (var peer = dialling.dial(tenant, settings, key)) {
            Actor.<Optional<Void>, PeerTrouble>callAs(actor, () -> {
                round.run(settings, peer);
                return Optional.empty();
            });
            contacts.spoken(around.clock().instant());
        } catch (PeerTrouble e) {
            contacts.failed(e, around.clock().instant());
        } catch (SyncRefused e) {
            log.debug("a round ends early, because the settings were changed", e);
        }
    }
}
