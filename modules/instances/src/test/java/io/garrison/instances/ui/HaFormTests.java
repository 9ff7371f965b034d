package io.garrison.instances.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import io.garrison.instances.HaException;
import io.garrison.instances.HighAvailability;
import io.garrison.instances.InstanceId;
import io.garrison.instances.StackId;
import io.garrison.instances.TrafficMode;
import io.garrison.instances.availability.SharedSettings;
import io.garrison.instances.availability.Side;
import io.garrison.instances.availability.StackSettings;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.ui.TenantScope;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** HA-00f, HA-03, HA-05: all sides in one form, and what it leads to while it is typed. */
class HaFormTests extends BrowserlessTest {

    private static final StackId STACK = new StackId(UUID.randomUUID());
    private static final List<HighAvailability.Member> MEMBERS = List.of(
            new HighAvailability.Member(new InstanceId(new UUID(0, 1)), "north"),
            new HighAvailability.Member(new InstanceId(new UUID(0, 2)), "south"));

    private final Kept kept = new Kept();

    private HaForm form(Set<Permission> rights) {
        var form = new HaForm(kept, new Scope(rights), STACK, () -> {});
        UI.getCurrent().add(form);
        return form;
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

    private static final class Kept implements HighAvailability {
        @Nullable
        StackWish wished;

        @Nullable
        Refusal refusal;

        @Override
        public StackHa ofStack(StackId stack) {
            var sides = MEMBERS.stream()
                    .map(member -> Side.untold(member.id().value()))
                    .toList();
            var settings = new StackSettings(TrafficMode.ACTIVE_ACTIVE, SharedSettings.DEFAULT, sides, List.of());
            return new StackHa(stack, settings, List.of(), MEMBERS, List.of(), 3);
        }

        @Override
        public StackHa change(StackId stack, long seen, StackWish wish) {
            if (refusal != null) {
                throw refusal;
            }
            assertThat(seen).isEqualTo(3);
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

    private record Scope(Set<Permission> rights) implements TenantScope {

        @Override
        public TenantId tenant() {
            return new TenantId(new UUID(0, 9));
        }

        @Override
        public String name() {
            return "Acme";
        }

        @Override
        public String slug() {
            return "acme";
        }

        @Override
        public boolean visiting() {
            return false;
        }

        @Override
        public <R> R call(Supplier<R> work) {
            return work.get();
        }

        @Override
        public boolean may(Permission permission) {
            return rights.contains(permission);
        }
    }
}
