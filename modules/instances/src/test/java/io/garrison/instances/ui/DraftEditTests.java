package io.garrison.instances.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.AccessList;
import io.garrison.protocol.Policy;
import io.garrison.protocol.Pool;
import io.garrison.protocol.Protection;
import io.garrison.protocol.Route;
import io.garrison.protocol.VirtualService;
import io.garrison.tenancy.Refusal.FieldError;
import java.util.List;
import org.junit.jupiter.api.Test;

class DraftEditTests {

    private static final Pool WEB = pool("web");
    private static final Pool API = pool("api");
    private static final Policy POLICY = new Policy(List.of(service("shop", "web", "api")), List.of(WEB, API));

    @Test
    void addsAtTheEndAndReplacesInPlace() {
        var mail = service("mail", "web", "api");

        assertThat(DraftEdit.with(POLICY, -1, mail).virtualServices())
                .extracting(VirtualService::name)
                .containsExactly("shop", "mail");
        assertThat(DraftEdit.with(POLICY, 0, mail).virtualServices())
                .extracting(VirtualService::name)
                .containsExactly("mail");
        assertThat(POLICY.virtualServices()).extracting(VirtualService::name).containsExactly("shop");
    }

    @Test
    void takesServicesAndRoutesAlongWhenAPoolIsRenamed() {
        var renamed = DraftEdit.with(DraftEdit.with(POLICY, 0, pool("front")), 1, pool("back"));

        assertThat(renamed.virtualServices().getFirst().pool()).isEqualTo("front");
        assertThat(renamed.virtualServices().getFirst().routes().getFirst().pool())
                .isEqualTo("back");
    }

    @Test
    void leavesServicesAloneWhenAPoolIsAdded() {
        assertThat(DraftEdit.with(POLICY, -1, pool("web")).virtualServices()).isEqualTo(POLICY.virtualServices());
    }

    @Test
    void removesOnlyWhatWasMeant() {
        assertThat(DraftEdit.withoutPool(POLICY, 0).pools()).containsExactly(API);
        assertThat(DraftEdit.withoutService(POLICY, 0).virtualServices()).isEmpty();
    }

    @Test
    void findsTheErrorsOfOneServiceAndNotOfItsNeighbour() {
        var errors = List.of(
                new FieldError("/virtualServices/1/port", "range", "too high"),
                new FieldError("/virtualServices/10/port", "range", "another service"),
                new FieldError("/virtualServices/1", "limit", "one too many"));

        assertThat(DraftEdit.below(errors, "/virtualServices/1"))
                .extracting(FieldError::field)
                .containsExactly("port", "");
    }

    private static Pool pool(String name) {
        return new Pool(name, Pool.Algorithm.ROUND_ROBIN, List.of(), null);
    }

    private static VirtualService service(String name, String pool, String other) {
        return new VirtualService(
                name,
                "192.0.2.1",
                80,
                VirtualService.ServiceProtocol.HTTP,
                true,
                null,
                pool,
                AccessList.OPEN,
                null,
                100,
                List.of(new Route(new Route.Condition(null, "/api", null), other)),
                null,
                Protection.NONE);
    }
}
