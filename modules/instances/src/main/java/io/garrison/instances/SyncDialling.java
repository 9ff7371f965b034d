package io.garrison.instances;

import io.garrison.instances.ConfigurationSync.Settings;
import io.garrison.instances.peer.Peer;
import io.garrison.instances.peer.Peer.Introduction;
import io.garrison.instances.peer.PeerClient;
import io.garrison.instances.peer.PeerHost;
import io.garrison.instances.peer.PeerListener;
import io.garrison.instances.peer.PeerTrouble;
import io.garrison.tenancy.TenantId;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** The two ends of the line to the peer: the one that dials and the one that is dialled. */
@Component
class SyncDialling {

    private final InstallationKeys keys;
    private final SyncExchange exchange;
    private final SyncContacts contacts;
    private final Clock clock;

    SyncDialling(InstallationKeys keys, SyncExchange exchange, SyncContacts contacts, Clock clock) {
        this.keys = keys;
        this.exchange = exchange;
        this.contacts = contacts;
        this.clock = clock;
    }

    /** The authority of an installation is its own, so its digest names it. */
    private Introduction self(TenantId tenant) {
        return new Introduction(Introduction.VERSION, tenant.toString(), keys.authoritySha256());
    }

    PeerClient dial(TenantId tenant, Settings settings, byte[] key) throws PeerTrouble {
        var address = new PeerClient.Address(
                settings.peerHost(), settings.peerPort(), Duration.ofSeconds(settings.timeoutSeconds()));
        return PeerClient.dial(address, key, self(tenant), clock);
    }

    PeerListener listen(TenantId tenant, Settings settings, byte[] key) throws PeerTrouble {
        return PeerListener.open(settings.listenPort(), key, host(tenant, settings.version()), keys.authority(), clock);
    }

    private PeerHost host(TenantId tenant, long version) {
        return new PeerHost() {
            @Override
            public Introduction hello(Introduction caller) throws PeerTrouble {
                var self = self(tenant);
                PeerClient.requireOther(caller, self);
                contacts.heard(clock.instant());
                return self;
            }

            @Override
            public Peer from(String address) {
                return new SyncLocalPeer(exchange, tenant, version, address);
            }
        };
    }
}
