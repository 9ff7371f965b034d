package io.garrison.instances.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.component.html.ListItem;
import io.garrison.instances.HaException;
import io.garrison.instances.HighAvailability;
import io.garrison.instances.HighAvailability.Member;
import io.garrison.instances.HighAvailability.StackHa;
import io.garrison.instances.HighAvailability.StackWish;
import io.garrison.instances.InstanceId;
import io.garrison.instances.StackId;
import io.garrison.instances.TrafficMode;
import io.garrison.instances.availability.MixedModes;
import io.garrison.instances.availability.MixedModes.OwnMode;
import io.garrison.instances.availability.MixedModes.ServiceMode;
import io.garrison.instances.availability.Placement;
import io.garrison.instances.availability.RouterSettings;
import io.garrison.instances.availability.SharedSettings;
import io.garrison.instances.availability.Side;
import io.garrison.instances.availability.StackSettings;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.Policy;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.VirtualRouter.VirtualAddress;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.http.EntityTag;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** HA-00f, HA-03, HA-05: all sides in one form, and what it leads to while it is typed. */
class HaFormTests extends BrowserlessTest {

    private static final StackId STACK = new StackId(UUID.randomUUID());
    private static final List<HighAvailability.Member> MEMBERS = List.of(
            new HighAvailability.Member(new InstanceId(new UUID(0, 1)), "north"),
            new HighAvailability.Member(new InstanceId(new UUID(0, 2)), "south"));

    private static final List<Side> UNTOLD =
            MEMBERS.stream().map(member -> Side.untold(member.id().value())).toList();

    private static final Policy SERVED = ProtocolJson.read("""
            {"virtualServices": [{"name": "shop", "address": "192.0.2.10", "port": 443, "pool": "p"},
                                 {"name": "mail", "address": "192.0.2.99", "port": 25, "protocol": "TCP", "pool": "p"}]}""".getBytes(StandardCharsets.UTF_8), Policy.class);

    private final Kept kept = new Kept();

    private static StackHa stack(
            long version, TrafficMode traffic, SharedSettings shared, List<Side> sides, RouterSettings... routers) {
        var settings = new StackSettings(traffic, shared, sides, List.of(routers));
        var withPassword = settings.routers().stream()
                .filter(router -> router.version() == 2)
                .map(RouterSettings::name)
                .toList();
        return new StackHa(
                STACK, settings, withPassword, MEMBERS, Placement.of(settings, SERVED), List.of(), List.of(), version);
    }

    private static RouterSettings router(String name, int version, @Nullable Member owner) {
        return new RouterSettings(
                name,
                "lan",
                10,
                "eth0",
                List.of(new VirtualAddress("192.0.2.10", 24, null)),
                owner == null ? null : owner.id().value(),
                version,
                null,
                5,
                0);
    }

    private static SharedSettings shared(HaMode mode) {
        return new SharedSettings(mode, 10_101, 2_000, 2);
    }

    private void save() {
        test($(Button.class).withText("Save all sides").single()).click();
    }

    private StackWish wished() {
        return Objects.requireNonNull(kept.wished);
    }

    private HaForm form(Set<Permission> rights) {
        var form = new HaForm(kept, new TestScope(rights), STACK, () -> {});
        UI.getCurrent().add(form);
        return form;
    }

    @Test
    void knowsWhetherWhatWasTypedIsSaved() {
        var form = form(EnumSet.allOf(Permission.class));
        assertThat(form.isUnsaved()).isFalse();

        form.port.setValue(12_000);
        assertThat(form.isUnsaved()).isTrue();
        assertThat(form.getElement().hasAttribute("data-unsaved"))
                .as("for the browser")
                .isTrue();
        form.port.setValue(10_101);
        assertThat(form.isUnsaved()).as("typed back").isFalse();
        assertThat(form.getElement().hasAttribute("data-unsaved")).isFalse();

        test($(Button.class).withText("Add virtual router").single()).click();
        assertThat(form.isUnsaved()).isTrue();
        save();
        assertThat(form.isUnsaved()).isFalse();
    }

    @Test
    void saysAtItsFieldWhyARouterIsInNoPlan() {
        var now = stack(3, TrafficMode.ACTIVE_ACTIVE, shared(HaMode.ACTIVE_ACTIVE), UNTOLD, router("web", 3, null));
        var reason = new Refusal.FieldError("/routers/0/id", "ha.router-id-taken", "is taken in this network", "10");
        kept.now = new StackHa(
                STACK,
                now.settings(),
                List.of(),
                MEMBERS,
                now.placement(),
                List.of(),
                List.of(new HighAvailability.LeftOut("web", "lan", reason)),
                3);

        var card = form(EnumSet.allOf(Permission.class)).routers.card(0);

        assertThat(card.id.isInvalid()).isTrue();
        assertThat(card.id.getErrorMessage()).isEqualTo("Is taken in this network");
    }

    @Test
    void tellsTheDetectionTimeWhileItIsTyped() {
        var form = form(EnumSet.allOf(Permission.class));
        assertThat(form.consequence.getText()).isEqualTo("A silent peer counts as failed after 4.0 s.");

        form.interval.setValue(50);
        form.threshold.setValue(3);

        assertThat(form.consequence.getText()).contains("150 ms");
    }

    @Test
    void warnsOfThePortOfMemcachedAndRefusesNothing() {
        var form = form(EnumSet.allOf(Permission.class));

        form.port.setValue(11_211);

        assertThat(form.port.getHelperText()).contains("memcached");
        assertThat(form.port.isInvalid()).isFalse();
    }

    @Test
    void writesAllSidesAtOnceWithOnePrimary() {
        var form = form(EnumSet.allOf(Permission.class));
        form.mode.setValue(HaMode.ACTIVE_PASSIVE);
        form.primary.setValue(MEMBERS.getLast());

        test($(Button.class).withText("Save all sides").single()).click();

        var wished = kept.wished;
        assertThat(wished).isNotNull();
        assertThat(wished.trafficMode()).isEqualTo(TrafficMode.ACTIVE_PASSIVE);
        assertThat(wished.sides()).extracting(Side::primary).containsExactly(false, true);
    }

    @Test
    void showsARefusalAtItsField() {
        kept.refusal = new HaException.Invalid(
                List.of(new Refusal.FieldError("/instances", "ha.no-primary", "must have exactly one primary")));
        var form = form(EnumSet.allOf(Permission.class));

        test($(Button.class).withText("Save all sides").single()).click();

        assertThat(form.primary.isInvalid()).isTrue();
        assertThat(form.primary.getErrorMessage()).isEqualTo("Must have exactly one primary");
    }

    @Test
    void offersNoChangeToWhoMayOnlyLook() {
        form(Set.of(Permission.STACK_VIEW));

        assertThat($(Button.class).withText("Save all sides").exists()).isFalse();
    }

    @Test
    void asksBeforeAddressesGoAndKeepsTheirOwners() {
        kept.now =
                stack(3, TrafficMode.MIXED, shared(HaMode.ACTIVE_ACTIVE), UNTOLD, router("web", 3, MEMBERS.getFirst()));
        var form = form(EnumSet.allOf(Permission.class));

        form.mode.setValue(HaMode.NONE);
        save();

        assertThat(kept.wished).isNull();
        assertThat($(ListItem.class).all()).extracting(ListItem::getText).contains("192.0.2.10");
        test($(ConfirmDialog.class).single()).confirm();
        assertThat(wished().routers().getFirst().owner())
                .isEqualTo(MEMBERS.getFirst().id().value());
    }

    @Test
    void tellsWhichAddressesAChangeConcerns() {
        var sides = List.of(UNTOLD.getFirst().asPrimary(true), UNTOLD.getLast());
        var before = new StackSettings(
                TrafficMode.ACTIVE_PASSIVE, shared(HaMode.ACTIVE_PASSIVE), sides, List.of(router("web", 3, null)));

        assertThat(HaLoss.of(before, new StackWish(null, before.shared(), sides, before.routers())))
                .isEmpty();
        assertThat(HaLoss.of(before, new StackWish(null, before.shared(), sides, List.of())))
                .extracting(HaLoss::addresses)
                .containsExactly(List.of("192.0.2.10"));
        var other = List.of(UNTOLD.getFirst(), UNTOLD.getLast().asPrimary(true));
        assertThat(HaLoss.of(before, new StackWish(null, before.shared(), other, before.routers())))
                .singleElement()
                .satisfies(loss -> assertThat(loss.what()).contains("primary changes"));
        var unserved = new StackSettings(TrafficMode.ACTIVE_ACTIVE, shared(HaMode.NONE), sides, before.routers());
        assertThat(HaLoss.of(unserved, new StackWish(null, shared(HaMode.NONE), other, List.of())))
                .isEmpty();
    }

    /** HC-24. */
    @Test
    void servesServicesByTypeOrByThemselvesWhereModesAreMixed() {
        kept.now = stack(3, TrafficMode.ACTIVE_ACTIVE, shared(HaMode.ACTIVE_ACTIVE), UNTOLD, router("web", 3, null));
        var form = form(EnumSet.allOf(Permission.class));
        assertThat(form.services.isVisible()).isFalse();
        assertThat(form.routers.card(0).served.getText())
                .isEqualTo("shop: active-active, north holds it while it is healthy");

        form.mixed.setValue(true);
        assertThat(form.services.isVisible()).isTrue();
        form.services.tcp.setValue(ServiceMode.ACTIVE_ACTIVE);
        form.services.single.setValue("shop");
        assertThat(form.isUnsaved()).isTrue();
        kept.refusal = new HaException.Invalid(
                List.of(new Refusal.FieldError("/mixed/services/0", "ha.service-conflict", "is served elsewhere")));
        save();
        assertThat(form.services.single.isInvalid()).isTrue();
        kept.refusal = null;
        save();

        assertThat(wished().trafficMode()).isEqualTo(TrafficMode.MIXED);
        assertThat(wished().mixed())
                .isEqualTo(new MixedModes(
                        ServiceMode.ACTIVE_ACTIVE,
                        ServiceMode.ACTIVE_ACTIVE,
                        List.of(new OwnMode("shop", ServiceMode.ACTIVE_PASSIVE))));
    }

    @Test
    void asksForThePasswordOfARouterOfAnotherName() {
        kept.now = stack(3, TrafficMode.ACTIVE_ACTIVE, shared(HaMode.ACTIVE_ACTIVE), UNTOLD, router("web", 2, null));
        var form = form(EnumSet.allOf(Permission.class));
        var card = form.routers.card(0);

        card.name.setValue("shop");
        save();
        assertThat(card.password.isInvalid()).isTrue();
        assertThat(kept.wished).isNull();

        card.password.setValue("secret7");
        save();
        assertThat(wished().routers().getFirst().password()).isEqualTo("secret7");
    }

    @Test
    void keepsOrTakesAwayAPasswordAndGivesANewRouterNone() {
        kept.now = stack(3, TrafficMode.ACTIVE_ACTIVE, shared(HaMode.ACTIVE_ACTIVE), UNTOLD, router("web", 2, null));
        var form = form(EnumSet.allOf(Permission.class));
        save();
        assertThat(wished().routers().getFirst().password()).isNull();

        form.routers.card(0).withoutPassword.setValue(true);
        test($(Button.class).withText("Add virtual router").single()).click();
        var added = form.routers.card(1);
        added.name.setValue("old-name");
        added.version.setValue(2);
        save();
        assertThat(wished().routers()).extracting(RouterSettings::password).containsExactly("", "");
    }

    @Test
    void keepsWhatInstancesHaveOfTheirOwnWhereNobodyTyped() {
        var other = new HaSettings(
                HaMode.NONE, false, 10_101, 2_000, 2, 7, 3, 600, HaSettings.FlapAction.HOLD, true, 4_096L, 10, 100, 0);
        kept.now = stack(
                3,
                TrafficMode.ACTIVE_ACTIVE,
                SharedSettings.DEFAULT,
                List.of(UNTOLD.getFirst(), new Side(UNTOLD.getLast().instanceId(), other, List.of(), null)));
        var form = form(EnumSet.allOf(Permission.class));
        assertThat(form.own.differ.isVisible()).isTrue();
        assertThat(form.own.differ.getText()).contains("Flaps, at most").doesNotContain("Within (s)");

        form.own.recovery.setValue(9);
        save();

        assertThat(wished().sides())
                .extracting(side -> side.ha().peerRecoveryThreshold())
                .containsExactly(9, 9);
        assertThat(wished().sides())
                .extracting(side -> side.ha().maximumFlaps(), side -> side.ha().minimumBandwidthBps())
                .containsExactly(tuple(HaSettings.DEFAULT.maximumFlaps(), 1_024L), tuple(3, 4_096L));
    }

    @Test
    void opensThePartWhoseFieldIsRefused() {
        kept.refusal = new HaException.Invalid(
                List.of(new Refusal.FieldError("/instances/1/maximumFlaps", "ha.range", "must be 0 to 100")));
        var form = form(EnumSet.allOf(Permission.class));
        assertThat(form.ownPart.isOpened()).isFalse();

        save();

        assertThat(form.own.flaps.isInvalid()).isTrue();
        assertThat(form.ownPart.isOpened()).isTrue();
    }

    @Test
    void takesInWhatSomebodyElseSavedAndKeepsWhatWasTyped() {
        var form = form(EnumSet.allOf(Permission.class));
        form.port.setValue(12_000);
        form.own.recovery.setValue(4);
        kept.refusal = new EntityTag.Stale();
        kept.now = stack(
                4,
                TrafficMode.ACTIVE_ACTIVE,
                new SharedSettings(HaMode.NONE, 10_101, 1_000, 2),
                UNTOLD,
                router("web", 3, null));

        save();

        assertThat(form.overtaken.isVisible()).isTrue();
        assertThat(form.port.getValue()).isEqualTo(12_000);
        assertThat(form.interval.getValue()).isEqualTo(1_000);
        kept.refusal = null;
        save();
        assertThat(form.overtaken.isVisible()).isFalse();
        assertThat(wished().shared()).isEqualTo(new SharedSettings(HaMode.NONE, 12_000, 1_000, 2));
        assertThat(wished().routers()).extracting(RouterSettings::name).containsExactly("web");
        assertThat(wished().sides())
                .extracting(side -> side.ha().peerRecoveryThreshold())
                .containsExactly(4, 4);
    }

    private static final class Kept implements HighAvailability {
        @Nullable
        StackWish wished;

        @Nullable
        Refusal refusal;

        StackHa now = stack(3, TrafficMode.ACTIVE_ACTIVE, SharedSettings.DEFAULT, UNTOLD);

        @Override
        public StackHa ofStack(StackId stack) {
            return now;
        }

        @Override
        public StackHa change(StackId stack, long seen, StackWish wish) {
            if (refusal != null) {
                throw refusal;
            }
            assertThat(seen).isEqualTo(now.version());
            wished = wish;
            return ofStack(stack);
        }

        @Override
        public InstanceHa ofInstance(InstanceId instance) {
            throw new UnsupportedOperationException();
        }

        @Override
        public InstanceHa change(InstanceId instance, long seen, InstanceWish wish) {
            throw new UnsupportedOperationException();
        }
    }
}
