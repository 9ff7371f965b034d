package io.garrison.instances;

import io.garrison.instances.peer.Peer;
import io.garrison.instances.peer.PeerTrouble;
import io.garrison.instances.peer.PeerWords;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.TenantId;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * This installation as its peer sees it. Who calls has proven the key; what it does stands in the audit trail under the
 * peer's name.
 *
 * @param version of the settings by whose key it was proven
 * @param address where the peer dials from
 */
record SyncLocalPeer(SyncExchange exchange, TenantId tenant, long version, String address) implements Peer {

    /** Tell nothing of what came, but of when it came. */
    private static final Set<String> NO_TROUBLE =
            Set.of("sync.moved-on", "sync.conflict", "sync.remote-not-accepted", SyncExchange.SETTINGS_CHANGED);

    @Override
    public Overview overview(Overview there) throws PeerTrouble {
        return bound(() -> {
            exchange.learn(version, there);
            return exchange.overview(version);
        });
    }

    @Override
    public Content content(String stack, boolean whole) throws PeerTrouble {
        return bound(() -> exchange.content(version, stack, whole));
    }

    @Override
    public Taken take(Offer offer) throws PeerTrouble {
        return bound(() -> {
            try {
                return exchange.take(version, offer, address);
            } catch (Refusal e) {
                if (!NO_TROUBLE.contains(e.code())
                        && Names.isStackName(offer.content().stack())) {
                    exchange.trouble(version, offer.content().stack(), PeerWords.problem(e));
                }
                throw e;
            }
        });
    }

    /** Refusals are told to the peer as troubles. */
    private <T> T bound(Callable<T> work) throws PeerTrouble {
        try {
            return CurrentTenant.callAs(tenant, () -> Actor.callAs(actor(address, address), work::call));
        } catch (Refusal e) {
            var told = PeerWords.problem(e);
            throw new PeerTrouble(PeerTrouble.Kind.REFUSED, told.code(), told.message());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param host as people call it */
    static Actor actor(String host, String origin) {
        return new Actor(Actor.Kind.SYSTEM, "configuration-sync", "Configuration Sync from " + host, origin, null);
    }
}
