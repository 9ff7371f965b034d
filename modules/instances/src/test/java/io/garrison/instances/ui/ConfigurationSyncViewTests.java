package io.garrison.instances.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Code;
import com.vaadin.flow.component.textfield.TextField;
import io.garrison.instances.ConfigurationSync;
import io.garrison.instances.InstanceException;
import io.garrison.instances.PolicyDiff;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.ui.TenantScope;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The settings as they are typed, and the choice as it is made. */
class ConfigurationSyncViewTests extends BrowserlessTest {

    private final FakeSync sync = new FakeSync();
    private final FakeScope scope = new FakeScope(EnumSet.allOf(Permission.class));

    private SyncSettingsForm form() {
        var form = new SyncSettingsForm(sync, scope, () -> {});
        UI.getCurrent().add(form);
        return form;
    }

    private void click(String text) {
        test($(Button.class).withText(text).last()).click();
    }

    @Test
    void savesWhatWasTypedOverTheVersionThatWasShown() {
        var form = form();
        form.enabled.setValue(true);
        form.acceptRemote.setValue(true);
        form.peerHost.setValue(" 192.0.2.9 ");
        form.peerPort.setValue(9001);
        form.timeout.setValue(3);
        form.certificates.setValue(false);

        click("Save settings");

        assertThat(sync.seen).isEqualTo(4);
        assertThat(sync.wished)
                .isEqualTo(new ConfigurationSync.Wish(
                        true, true, "192.0.2.9", 9001, 9000, null, 3, Set.of(ConfigurationSync.Scope.POLICY)));
    }

    @Test
    void showsARefusalAtItsFieldAndLosesNothing() {
        sync.refusal = new InstanceException.Invalid("sync.peer-host", "/peerHost", "must be a host name");
        var form = form();
        form.peerHost.setValue("no host");

        click("Save settings");

        assertThat(form.peerHost.isInvalid()).isTrue();
        assertThat(form.peerHost.getErrorMessage()).isEqualTo("Must be a host name");
        assertThat(form.peerHost.getValue()).isEqualTo("no host");
    }

    @Test
    void showsANewKeyOnceAfterAsking() {
        form();

        click("Generate key");
        assertThat(sync.keys).isZero();
        click("Generate key");

        assertThat(sync.keys).isEqualTo(1);
        assertThat($(Code.class).single().getText()).isEqualTo("a-new-key");
    }

    @Test
    void offersNoChangeToWhoMayOnlyLook() {
        UI.getCurrent().add(new SyncSettingsForm(sync, new FakeScope(Set.of(Permission.STACK_VIEW)), () -> {}));
        UI.getCurrent()
                .add(new SyncStackPanel(sync, new FakeScope(Set.of(Permission.STACK_VIEW)), conflict(), () -> {}));

        assertThat($(Button.class).all()).isEmpty();
    }

    private static ConfigurationSync.StackState conflict() {
        return new ConfigurationSync.StackState(
                "web",
                ConfigurationSync.State.CONFLICT,
                new ConfigurationSync.Side(2, "a".repeat(64)),
                new ConfigurationSync.Side(3, "b".repeat(64)),
                "c".repeat(64),
                null,
                null,
                null,
                new PolicyDiff(
                        2,
                        3,
                        List.of(),
                        List.of(new PolicyDiff.FieldChange(
                                PolicyDiff.Kind.CHANGED, "/virtualServices/shop/port", "81", "82"))));
    }

    @Test
    void choosesBetweenTheTwoThatAreShownOnceTheNameIsTyped() {
        UI.getCurrent().add(new SyncStackPanel(sync, scope, conflict(), () -> {}));
        click("Take theirs");
        var confirm = $(Button.class).withText("Take theirs").last();
        assertThat(confirm.isEnabled()).isFalse();

        test($(TextField.class).single()).setValue("web");
        test(confirm).click();

        assertThat(sync.chosen).containsExactly("web THEIRS " + "b".repeat(64));
    }

    @Test
    void comparesNothingWhileItIsSwitchedOff() {
        var off = new ConfigurationSync.Status(
                ConfigurationSync.State.DISABLED, "", null, null, null, List.of(conflict()));
        var on = new ConfigurationSync.Status(
                ConfigurationSync.State.CONFLICT, "", null, null, null, List.of(conflict()));

        assertThat(ConfigurationSyncView.compared(off)).isEmpty();
        assertThat(ConfigurationSyncView.compared(on)).hasSize(1);
    }

    private static final class FakeSync implements ConfigurationSync {
        private long seen;
        private @Nullable Wish wished;
        private int keys;
        private @Nullable InstanceException refusal;
        private final List<String> chosen = new ArrayList<>();

        @Override
        public Settings settings() {
            return new Settings(false, false, "", 9000, 9000, true, 10, Set.of(Scope.POLICY, Scope.CERTIFICATES), 4);
        }

        @Override
        public Settings change(long version, Wish wish) {
            if (refusal != null) {
                throw refusal;
            }
            seen = version;
            wished = wish;
            return settings();
        }

        @Override
        public String newKey() {
            keys++;
            return "a-new-key";
        }

        @Override
        public Status status() {
            return new Status(State.DISABLED, "", null, null, null, List.of());
        }

        @Override
        public Status resolve(String stack, Keep keep, @Nullable String theirs) {
            chosen.add(stack + " " + keep + " " + theirs);
            return status();
        }

        @Override
        public Trial test() {
            return new Trial(true, 1, null);
        }
    }

    private record FakeScope(Set<Permission> permissions) implements TenantScope {
        @Override
        public TenantId tenant() {
            return new TenantId(UUID.randomUUID());
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
            return permissions.contains(permission);
        }
    }
}
