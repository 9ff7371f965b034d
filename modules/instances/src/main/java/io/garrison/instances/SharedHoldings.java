package io.garrison.instances;

import io.garrison.protocol.Availability.RouterState;
import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Component;

/** The shared addresses that an instance holds by its own word, as far as that word still counts. */
@Component
class SharedHoldings {

    private final AvailabilityRows rows;
    private final NetworkClaims claims;
    private final HaStore stored;
    private final InstanceSettings settings;

    SharedHoldings(AvailabilityRows rows, NetworkClaims claims, HaStore stored, InstanceSettings settings) {
        this.rows = rows;
        this.claims = claims;
        this.stored = stored;
        this.settings = settings;
    }

    /**
     * Who is not heard of any more can't be drained, so an older word than the time after which an instance is LOST says
     * nothing; nor does it where no peer could take the addresses too.
     *
     * @return the routers whose addresses it holds
     */
    List<String> of(Instances.Row instance, Instant now) {
        var id = instance.id().value();
        var told = rows.told(instance.stack()).get(id);
        if (told == null || told.at().isBefore(now.minus(settings.lostAfter()))) {
            return List.of();
        }
        List<String> held = told.availability().routers().stream()
                .filter(router -> router.state().equals("MASTER"))
                .map(RouterState::name)
                .toList();
        boolean hasPeers = !held.isEmpty()
                && rows.peers(instance.stack()).stream()
                        .anyMatch(peer -> !peer.instanceId().equals(id));
        return hasPeers ? held : List.of();
    }

    /**
     * Of an instance that has just been shut out, for good or until it enrols again as another. Who is quarantined may
     * have its addresses on, for want of a peer that it could leave them to, or because it is cut off: so nothing becomes
     * free until it is decommissioned.
     */
    void forget(Instances.Row instance, boolean forGood) {
        if (forGood) {
            rows.delete(instance.id());
        }
        var stack = instance.stack();
        if (!rows.hasQuarantined(stack)) {
            claims.releaseAllBut(stack, stored.read(stack).claiming());
        }
    }
}
