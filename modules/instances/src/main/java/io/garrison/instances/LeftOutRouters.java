package io.garrison.instances;

import io.garrison.instances.HighAvailability.LeftOut;
import io.garrison.instances.availability.HaWarnings.Warning;
import io.garrison.protocol.HaSettings.HaMode;
import java.util.List;
import org.springframework.stereotype.Component;

/** Which virtual routers of a stack are in no plan, because another stack holds what they need. */
@Component
class LeftOutRouters {

    private final NetworkClaims claims;
    private final AvailabilityRows rows;

    LeftOutRouters(NetworkClaims claims, AvailabilityRows rows) {
        this.claims = claims;
        this.rows = rows;
    }

    /** None before the first plan, with which a stack that had no instance claims what it needs. */
    List<LeftOut> of(StackId stack, HaStore.Stored now) {
        if (now.settings().shared().mode() == HaMode.NONE || !rows.hasPlans(stack)) {
            return List.of();
        }
        return claims.lacking(stack, now.settings().routers());
    }

    static Warning warning(LeftOut router) {
        var what = router.reason().code().equals(NetworkClaims.ROUTER_TAKEN) ? "router id" : "address";
        return new Warning(
                "ha.router-taken",
                ("The router %s is in no plan, and no instance holds its addresses: the %s %s is taken in the network %s. Choose"
                                + " another, or, if it is another network, give that its own name, and save.")
                        .formatted(router.router(), what, router.reason().rejected(), router.network()));
    }
}
