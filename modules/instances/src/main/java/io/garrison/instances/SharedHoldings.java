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

    /** Of an instance that has just been shut out, for good or until it enrols again as another. */
    void forget(Instances.Row instance, boolean forGood) {
        if (forGood) {
            rows.delete(instance.id());
        }
        release(instance.stack());
    }

    /**
     * Frees what the stack does not need any more, once nobody can have it on: who has not heard of its newest plan may,
     * for it may be cut off. So may who is quarantined, which has perhaps no peer that it could leave its addresses to,
     * until it is decommissioned.
     */
    void release(StackId stack) {
        var read = stored.read(stack);
        claims.releaseAllBut(
                stack, read.claiming(), () -> rows.version(stack) == read.version() && rows.isFollowed(stack));
    }
}
