package io.garrison.instances.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.garrison.instances.HaException;
import io.garrison.instances.HighAvailability.InstanceHa;
import io.garrison.instances.HighAvailability.StackHa;
import io.garrison.instances.InstanceId;
import io.garrison.instances.StackId;
import io.garrison.instances.TrafficMode;
import io.garrison.instances.availability.HaWarnings.Warning;
import io.garrison.instances.availability.MixedModes;
import io.garrison.instances.availability.MixedModes.OwnMode;
import io.garrison.instances.availability.MixedModes.ServiceMode;
import io.garrison.instances.availability.Placement;
import io.garrison.instances.availability.Placement.Routed;
import io.garrison.instances.availability.Placement.Served;
import io.garrison.instances.availability.RouterSettings;
import io.garrison.instances.availability.SharedSettings;
import io.garrison.instances.availability.Side;
import io.garrison.instances.availability.StackSettings;
import io.garrison.instances.web.HaBodies.StackChange;
import io.garrison.instances.web.HaBodies.StackTold;
import io.garrison.instances.web.InstanceHaBodies.InstanceChange;
import io.garrison.instances.web.InstanceHaBodies.InstanceTold;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.VirtualRouter.VirtualAddress;
import io.garrison.protocol.VirtualService.ServiceProtocol;
import io.garrison.tenancy.Refusal.FieldError;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Who reads high availability, changes one value and writes it back changes that value. */
class HaRoundTripTests {

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final SharedSettings SHARED = new SharedSettings(HaMode.ACTIVE_PASSIVE, 10_101, 2_000, 2);
    private static final UUID FIRST = new UUID(0, 1);
    private static final Side SIDE = Side.untold(FIRST).asPrimary(true).under(SHARED);
    private static final RouterSettings WEB = router("web", 2);
    private static final RouterSettings API = router("api", 3);
    private static final List<Warning> WARNINGS = List.of(new Warning("ha.single-member", "alone"));
    private static final MixedModes MIXED = new MixedModes(
            ServiceMode.ACTIVE_PASSIVE,
            ServiceMode.ACTIVE_ACTIVE,
            List.of(new OwnMode("shop", ServiceMode.ACTIVE_PASSIVE)));
    private static final StackHa STACK = new StackHa(
            new StackId(new UUID(1, 1)),
            new StackSettings(TrafficMode.ACTIVE_PASSIVE, SHARED, List.of(SIDE), List.of(WEB, API), MIXED),
            List.of("web"),
            List.of(),
            new Placement(
                    List.of(new Routed("web", ServiceMode.ACTIVE_PASSIVE, FIRST, List.of("shop"))),
                    List.of(new Served(
                            "shop",
                            ServiceProtocol.HTTP,
                            "192.0.2.10",
                            80,
                            ServiceMode.ACTIVE_PASSIVE,
                            true,
                            List.of("web")))),
            WARNINGS,
            List.of(),
            4);
    private static final InstanceHa INSTANCE = new InstanceHa(
            new InstanceId(FIRST), STACK.stack(), SIDE, STACK.settings().label(), WARNINGS, 4);

    private static RouterSettings router(String name, int version) {
        return new RouterSettings(
                name,
                "lan",
                10,
                "eth0",
                List.of(new VirtualAddress("192.0.2.10", 24, null)),
                null,
                version,
                null,
                5,
                0);
    }

    private static ObjectNode stack() {
        return (ObjectNode) STRICT.valueToTree(StackTold.of(STACK));
    }

    private static ObjectNode instance() {
        return (ObjectNode) STRICT.valueToTree(InstanceTold.of(INSTANCE));
    }

    private static StackChange change(ObjectNode body) {
        return STRICT.treeToValue(body, StackChange.class);
    }

    private static InstanceChange ofInstance(ObjectNode body) {
        return STRICT.treeToValue(body, InstanceChange.class);
    }

    @Test
    void writesBackWhatItReadWithOneValueChanged() {
        var body = stack();
        body.put("peerCheckIntervalMs", 1_000);

        var change = change(body);

        change.requireTold(STACK);
        var wish = change.wish();
        assertThat(wish.shared()).isEqualTo(new SharedSettings(HaMode.ACTIVE_PASSIVE, 10_101, 1_000, 2));
        assertThat(wish.sides())
                .containsExactly(STACK.settings().sides().getFirst().under(SharedSettings.DEFAULT));
        assertThat(wish.routers()).isEqualTo(STACK.settings().routers());
        assertThat(wish.mixed()).isEqualTo(MIXED);
        body.put("detectionMs", 2_000);
        assertThatNoException()
                .as("as it will be")
                .isThrownBy(() -> change(body).requireTold(STACK));
    }

    /** HC-24: who knows nothing of it sends nothing of it. */
    @Test
    void servesByTypeWhereNothingIsSaidOfServices() {
        var body = stack();
        assertThat(body.path("placement").path("routers").path(0).path("services"))
                .hasSize(1);
        body.remove("mixed");
        assertThat(change(body).wish().mixed()).isEqualTo(MixedModes.DEFAULT);

        body.putObject("mixed").put("tcp", "ACTIVE_ACTIVE");
        assertThat(change(body).wish().mixed())
                .isEqualTo(new MixedModes(ServiceMode.ACTIVE_ACTIVE, ServiceMode.ACTIVE_ACTIVE, List.of()));
    }

    @Test
    void writesBackWhatItReadOfOneInstance() {
        var body = instance();
        body.put("maximumFlaps", 9);

        var change = ofInstance(body);

        change.requireTold(INSTANCE);
        assertThat(change.wish(FIRST).side().ha().maximumFlaps()).isEqualTo(9);
        assertThat(change.wish(FIRST).peerCheckIntervalMs()).isEqualTo(2_000);
    }

    private static List<String> refused(Runnable check) {
        try {
            check.run();
        } catch (HaException.Invalid refusal) {
            return refusal.errors().stream()
                    .filter(error -> error.code().equals("ha.told-only"))
                    .map(FieldError::field)
                    .toList();
        }
        return List.of();
    }

    @Test
    void refusesAnotherValueOfWhatIsToldOnly() {
        var body = stack();
        body.put("detectionMs", 8_000);
        ((ObjectNode) body.path("routers").path(0)).put("passwordSet", false);
        ((ObjectNode) body.path("routers").path(1)).put("passwordSet", true);
        assertThat(refused(() -> change(body).requireTold(STACK)))
                .containsExactly("/detectionMs", "/routers/0/passwordSet", "/routers/1/passwordSet");

        var other = instance();
        other.put("detectionMs", 8_000);
        assertThat(refused(() -> ofInstance(other).requireTold(INSTANCE))).containsExactly("/detectionMs");
    }

    @ParameterizedTest
    @CsvSource({"'', false", "secret, true"})
    void takesWhetherAPasswordIsSetAsItWillBe(String password, boolean set) {
        var body = stack();
        ((ObjectNode) body.path("routers").path(0)).put("password", password).put("passwordSet", set);

        assertThatNoException().isThrownBy(() -> change(body).requireTold(STACK));
    }

    @Test
    void refusesWhatNobodyTells() {
        assertThatExceptionOfType(UnrecognizedPropertyException.class)
                .isThrownBy(() -> change(stack().put("peerCheckInterval", 1)));
        assertThatExceptionOfType(UnrecognizedPropertyException.class)
                .isThrownBy(() -> ofInstance(instance().put("primaries", 1)));
    }
}
