package io.garrison.instances;

import static io.garrison.instances.AvailableStacks.router;
import static io.garrison.instances.Worlds.anyTenant;
import static io.garrison.instances.Worlds.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.garrison.instances.HighAvailability.StackHa;
import io.garrison.instances.HighAvailability.StackWish;
import io.garrison.instances.availability.HaWarnings.Warning;
import io.garrison.instances.availability.MixedModes;
import io.garrison.instances.availability.MixedModes.OwnMode;
import io.garrison.instances.availability.MixedModes.ServiceMode;
import io.garrison.instances.availability.Placement.Routed;
import io.garrison.instances.availability.SharedSettings;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.Policy;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.SignedBundle;
import io.garrison.protocol.VirtualRouter;
import io.garrison.tenancy.Refusal.FieldError;
import io.garrison.tenancy.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** HC-24: a mode for each virtual service, with a default by its type, from the policy to the plans of instances. */
@ServerTest
class MixedModesIT {

    private static final SharedSettings SHARED = new SharedSettings(HaMode.ACTIVE_ACTIVE, 10_101, 2_000, 2);

    @Autowired
    HighAvailability availability;

    @Autowired
    PolicyManagement policies;

    @Autowired
    AvailableStacks machines;

    private final TenantId alice = anyTenant();
    private final String network = "lan-" + UUID.randomUUID();
    private AvailableStacks.Made pair;
    private AvailableStacks.Machine primary;

    /** The turn begins after the primary, whichever of the two has the lower id. */
    @BeforeEach
    void makeAPair() {
        pair = machines.make(alice, 2);
        primary = pair.machines().getFirst();
    }

    private static String service(String name, String address, String protocol) {
        return """
                {"name": "%s", "address": "%s", "port": %d, "protocol": "%s", "pool": "web"}""".formatted(name, address, protocol.equals("HTTP") ? 80 : 5_432, protocol);
    }

    private void publish(String... services) {
        var json = """
                {"virtualServices": [%s],
                 "pools": [{"name": "web", "members": [{"address": "192.0.2.77", "port": 80}]}]}""".formatted(String.join(", ", services));
        var policy = ProtocolJson.read(json.getBytes(StandardCharsets.UTF_8), Policy.class);
        as(alice, () -> policies.save(pair.stack(), policies.draft(pair.stack()).version(), policy));
        as(alice, () -> policies.publish(pair.stack(), "test"));
    }

    private StackHa mix(OwnMode... own) {
        var mixed = new MixedModes(ServiceMode.ACTIVE_ACTIVE, ServiceMode.ACTIVE_PASSIVE, List.of(own));
        var routers =
                List.of(router(network, "a", 10, "192.0.2.10", null), router(network, "b", 11, "192.0.2.11", null));
        var wish = new StackWish(TrafficMode.MIXED, SHARED, pair.sides(0), routers, mixed);
        return as(alice, () -> availability.change(pair.stack(), -1, wish));
    }

    private StackHa now() {
        return as(alice, () -> availability.ofStack(pair.stack()));
    }

    /** Of the primary, in the order of the routers; null if there is no other plan than the one it has. */
    private @Nullable InstancePlan newer(long has) {
        return read(primary.reports(has, "192.0.2.1").plan());
    }

    private static @Nullable InstancePlan read(@Nullable SignedBundle signed) {
        return signed == null
                ? null
                : ProtocolJson.read(Base64.getUrlDecoder().decode(signed.payload()), InstancePlan.class);
    }

    private static List<Integer> priorities(@Nullable InstancePlan plan) {
        return plan == null
                ? List.of()
                : plan.routers().stream()
                        .sorted(Comparator.comparing(VirtualRouter::name))
                        .map(VirtualRouter::priority)
                        .toList();
    }

    @Test
    void planFollowsWhatIsServed() {
        publish(service("shop", "192.0.2.10", "HTTP"), service("db", "192.0.2.11", "TCP"));
        var told = mix();
        assertThat(told.placement().routers())
                .extracting(Routed::router, Routed::trafficMode, Routed::holder)
                .containsExactly(
                        tuple("a", ServiceMode.ACTIVE_ACTIVE, pair.id(1).value()),
                        tuple("b", ServiceMode.ACTIVE_PASSIVE, pair.id(0).value()));
        assertThat(told.warnings()).extracting(Warning::code).doesNotContain("ha.router-unowned");
        var first = newer(0);
        assertThat(priorities(first)).containsExactly(100, 150);

        publish(service("shop", "192.0.2.11", "HTTP"), service("db", "192.0.2.10", "TCP"));
        assertThat(priorities(newer(1))).as("they have changed places").containsExactly(150, 100);

        publish(service("shop", "192.0.2.11", "HTTP"), service("new", "192.0.2.10", "TCP"));
        assertThat(newer(2)).as("nothing moves").isNull();

        mix(new OwnMode("new", ServiceMode.ACTIVE_ACTIVE), new OwnMode("shop", ServiceMode.ACTIVE_PASSIVE));
        assertThat(priorities(newer(2))).containsExactly(100, 150);
        assertThat(now().settings().mixed().services())
                .as("kept in their order")
                .hasSize(2);
    }

    @Test
    void refusesWhatCannotBeHadAndWarnsOfWhatPublishingBringsAbout() {
        publish(service("shop", "192.0.2.10", "HTTP"), service("db", "192.0.2.10", "TCP"));
        var shop = new OwnMode("shop", ServiceMode.ACTIVE_ACTIVE);
        var db = new OwnMode("db", ServiceMode.ACTIVE_PASSIVE);
        assertThatExceptionOfType(HaException.Invalid.class)
                .isThrownBy(() -> mix(shop, db))
                .satisfies(refusal -> assertThat(refusal.errors())
                        .extracting(FieldError::field, FieldError::code)
                        .containsExactly(tuple("/mixed/services/1", "ha.service-conflict")));

        publish(service("shop", "192.0.2.10", "HTTP"), service("db", "192.0.2.11", "TCP"));
        mix(shop, db);
        publish(service("shop", "192.0.2.10", "HTTP"), service("db", "192.0.2.10", "TCP"));

        assertThat(now().warnings()).extracting(Warning::code).contains("ha.services-differ");
        assertThat(priorities(newer(0))).as("one serves both").containsExactly(150, 150);
        assertThat(mix(shop, db).version()).as("what was read can be written").isEqualTo(2);
    }
}
