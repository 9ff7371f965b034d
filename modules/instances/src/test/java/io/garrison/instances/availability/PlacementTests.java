package io.garrison.instances.availability;

import static io.garrison.instances.availability.Stackfuls.http;
import static io.garrison.instances.availability.Stackfuls.id;
import static io.garrison.instances.availability.Stackfuls.of;
import static io.garrison.instances.availability.Stackfuls.policy;
import static io.garrison.instances.availability.Stackfuls.router;
import static io.garrison.instances.availability.Stackfuls.tcp;
import static io.garrison.instances.availability.Stackfuls.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.garrison.instances.TrafficMode;
import io.garrison.instances.availability.HaWarnings.Warning;
import io.garrison.instances.availability.MixedModes.OwnMode;
import io.garrison.instances.availability.MixedModes.ServiceMode;
import io.garrison.instances.availability.Placement.Routed;
import io.garrison.instances.availability.Placement.Served;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.Policy;
import io.garrison.tenancy.Refusal.FieldError;
import java.util.List;
import org.junit.jupiter.api.Test;

/** HC-24: what moves are addresses, so services of one router are served alike, and who wants else hears why. */
class PlacementTests {

    private static final StackSettings MIXED = of(
            HaMode.ACTIVE_ACTIVE,
            TrafficMode.MIXED,
            2,
            router("a", 10, null, 3, null, "192.0.2.10", "2001:db8::10"),
            router("b", 11, null));

    private static StackSettings own(OwnMode... services) {
        return with(MIXED, new MixedModes(ServiceMode.ACTIVE_ACTIVE, ServiceMode.ACTIVE_PASSIVE, List.of(services)));
    }

    private static OwnMode spread(String service) {
        return new OwnMode(service, ServiceMode.ACTIVE_ACTIVE);
    }

    private static OwnMode single(String service) {
        return new OwnMode(service, ServiceMode.ACTIVE_PASSIVE);
    }

    private static List<String> refused(StackSettings wish, Policy policy) {
        return MixedRules.against(wish, policy).stream()
                .map(error -> error.field() + " " + error.code())
                .toList();
    }

    private static List<String> warned(StackSettings settings, Policy policy) {
        return HaWarnings.of(settings, Placement.of(settings, policy), null).stream()
                .map(Warning::code)
                .toList();
    }

    @Test
    void findsTheRouterOfEachServiceByItsAddress() {
        var policy = policy(
                http("shop", "192.0.2.10"),
                http("six", "2001:DB8:0::10"),
                tcp("db", "192.0.2.11"),
                http("own", "192.0.2.99"),
                http("all", "0.0.0.0"),
                http("all-six", "::"));

        var placement = Placement.of(MIXED, policy);

        assertThat(placement.services())
                .extracting(Served::service, Served::routers)
                .containsExactly(
                        tuple("shop", List.of("a")),
                        tuple("six", List.of("a")),
                        tuple("db", List.of("b")),
                        tuple("own", List.of()),
                        tuple("all", List.of("a", "b")),
                        tuple("all-six", List.of("a")));
        assertThat(placement.routers())
                .extracting(Routed::router, Routed::trafficMode, Routed::holder)
                .containsExactly(
                        tuple("a", ServiceMode.ACTIVE_ACTIVE, id(2)), tuple("b", ServiceMode.ACTIVE_PASSIVE, id(1)));
    }

    /** Its own mode goes before that of another's type, and types that differ are served by one. */
    @Test
    void servesARouterAsItsServicesAgree() {
        var both = policy(http("shop", "192.0.2.10"), tcp("ssh", "192.0.2.10"));

        assertThat(Placement.of(MIXED, both).modes().getFirst()).isEqualTo(ServiceMode.ACTIVE_PASSIVE);
        assertThat(warned(MIXED, both)).containsExactly("ha.router-unowned", "ha.services-differ");
        assertThat(Placement.of(own(spread("shop")), both).modes().getFirst()).isEqualTo(ServiceMode.ACTIVE_ACTIVE);
        assertThat(warned(own(spread("shop")), both)).containsExactly("ha.router-unowned");
    }

    /** It may have come there with a later revision, and would take every router along. */
    @Test
    void servesWhoListensOnEveryAddressByItsTypeWhateverItsOwnModeIs() {
        var placement = Placement.of(own(single("all")), policy(http("all", "0.0.0.0"), http("shop", "192.0.2.10")));

        assertThat(placement.services()).extracting(Served::own).containsOnly(false);
        assertThat(placement.modes()).hasSize(2).containsOnly(ServiceMode.ACTIVE_ACTIVE);
    }

    @Test
    void refusesTwoModesOnOneRouterAndAModeForEveryAddress() {
        var policy = policy(
                http("shop", "192.0.2.10"),
                tcp("ssh", "2001:db8::10"),
                http("b", "192.0.2.11"),
                http("all", "0.0.0.0"));

        assertThat(refused(own(spread("shop"), single("b")), policy)).isEmpty();
        assertThat(refused(own(single("b"), single("ssh"), spread("shop")), policy))
                .containsExactly("/mixed/services/1 ha.service-conflict");
        assertThat(MixedRules.against(own(single("ssh"), spread("shop")), policy))
                .extracting(FieldError::message)
                .singleElement()
                .asString()
                .contains("shop", "router a", "ACTIVE_ACTIVE");
        assertThat(refused(own(single("all")), policy)).containsExactly("/mixed/services/0 ha.service-everywhere");
        var elsewhere = of(HaMode.ACTIVE_ACTIVE, TrafficMode.ACTIVE_ACTIVE, 2, router("a", 10, null));
        assertThat(refused(with(elsewhere, own(single("all")).mixed()), policy))
                .as("without effect in other modes")
                .isEmpty();
    }

    /** Names may come before their revision, and stay after it. */
    @Test
    void takesNamesThatAreNotServedYetAndWarnsOfThem() {
        var policy = policy(http("shop", "192.0.2.10"), http("b", "192.0.2.11"), http("own", "192.0.2.99"));

        assertThat(MixedRules.check(own(single("later"), single("own")))).isEmpty();
        assertThat(warned(own(single("later"), single("own")), policy))
                .containsExactly("ha.service-unmoved", "ha.service-unmoved");
        assertThat(MixedRules.check(own(single("shop"), spread("shop"), single("no name"))))
                .extracting(FieldError::field)
                .containsExactly("/mixed/services/1/service", "/mixed/services/2/service");
    }
}
