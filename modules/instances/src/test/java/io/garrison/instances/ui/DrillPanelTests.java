package io.garrison.instances.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.component.datetimepicker.DateTimePicker;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.notification.Notification;
import com.vaadin.flow.component.textfield.TextField;
import io.garrison.instances.ClusterStatus;
import io.garrison.instances.ClusterStatus.Member;
import io.garrison.instances.Drills;
import io.garrison.instances.HaException;
import io.garrison.instances.InstanceHealth;
import io.garrison.instances.InstanceId;
import io.garrison.instances.LifecycleState;
import io.garrison.instances.StackId;
import io.garrison.instances.TrafficMode;
import io.garrison.instances.availability.StackLabel;
import io.garrison.protocol.Availability.DrillResult;
import io.garrison.protocol.Availability.RouterState;
import io.garrison.protocol.Drill.Kind;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.SyncState;
import io.garrison.tenancy.Permission;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rehearsals as the tab about high availability shows them. */
class DrillPanelTests extends BrowserlessTest {

    private static final StackId STACK = new StackId(UUID.randomUUID());
    private static final UUID NORTH = new UUID(0, 1);
    private static final Instant BEGIN = Instant.parse("2026-11-27T20:00:00Z");

    private final Kept kept = new Kept();

    private DrillPanel panel(Set<Permission> rights) {
        var panel = new DrillPanel(kept, new TestScope(rights), STACK);
        UI.getCurrent().add(panel);
        return panel;
    }

    private DrillPanel panel() {
        return panel(EnumSet.allOf(Permission.class));
    }

    private static ClusterStatus status(String... routers) {
        var states = List.of(routers).stream()
                .map(name -> new RouterState(name, "MASTER", null))
                .toList();
        var member = new Member(
                NORTH,
                "north",
                null,
                false,
                "UNKNOWN",
                "healthy",
                true,
                LifecycleState.ONLINE,
                SyncState.IN_SYNC,
                InstanceHealth.UP,
                "ACTIVE",
                0,
                1,
                1,
                0,
                1,
                1,
                null,
                states,
                null,
                0,
                null,
                List.of(),
                null,
                null,
                null);
        return new ClusterStatus(
                STACK.value(),
                StackLabel.SINGLE,
                HaMode.ACTIVE_ACTIVE,
                TrafficMode.ACTIVE_ACTIVE,
                4_000,
                false,
                null,
                null,
                null,
                0,
                List.of(),
                new ClusterStatus.Sync(null, null),
                List.of(member),
                1,
                "HEALTHY",
                true,
                0,
                0,
                null,
                List.of());
    }

    private static Drills.DrillSummary drill(
            Drills.State state,
            @Nullable DrillResult yielded,
            @Nullable DrillResult probed,
            @Nullable String problem,
            boolean cancellable) {
        return new Drills.DrillSummary(
                UUID.randomUUID(),
                "web",
                Kind.FAULT,
                state,
                BEGIN,
                10,
                "each quarter",
                new InstanceId(NORTH),
                new InstanceId(new UUID(0, 2)),
                BEGIN,
                "nina",
                yielded,
                probed,
                problem,
                cancellable);
    }

    private static DrillResult told(@Nullable Long takeover, @Nullable Long gap, @Nullable String problem) {
        Integer probes = gap == null ? null : 100;
        Integer failed = gap == null ? null : 3;
        return new DrillResult(UUID.randomUUID(), "", BEGIN, takeover, gap, probes, failed, null, null, problem);
    }

    private String items() {
        return String.join(
                "\n",
                $(ListItem.class).all().stream()
                        .map(item -> item.getElement().getTextRecursively())
                        .toList());
    }

    @Test
    void tellsWhatWasMeasuredAndWhatWentWrong() {
        kept.all.add(drill(Drills.State.DONE, told(70L, null, null), told(null, 1_200L, null), null, false));
        kept.all.add(drill(
                Drills.State.FAILED, told(null, null, "no peer took the addresses"), null, "It was not begun.", false));

        panel().show(status("web"));

        assertThat(items())
                .contains(
                        "Done",
                        "Router web",
                        "Taken over after 70 ms",
                        "Longest gap for clients 1.2 s",
                        "3 of 100 probes failed",
                        "Fault, from north for 10 s, asked for by nina: each quarter")
                .contains("Failed", "No peer took the addresses", "It was not begun.");
        assertThat($(Button.class).withText("Cancel rehearsal").exists()).isFalse();
    }

    private static DrillResult sessions(@Nullable Integer kept, @Nullable Integer total) {
        return new DrillResult(UUID.randomUUID(), "", BEGIN, null, null, null, null, kept, total, null);
    }

    @Test
    void tellsOfSessionsWhereClientsAreKept() {
        var without = sessions(null, null);
        kept.all.add(drill(Drills.State.DONE, sessions(null, 6), sessions(4, 9), null, false));
        kept.all.add(drill(Drills.State.DONE, sessions(null, 7), without, null, false));
        kept.all.add(drill(Drills.State.DONE, sessions(null, 0), sessions(0, 1), null, false));

        panel().show(status("web"));

        assertThat(items())
                .contains("4 of 6 sessions kept", "Not known how many of 7 sessions were kept", "No sessions to keep");
        kept.all.clear();
        kept.all.add(drill(Drills.State.DONE, without, without, null, false));
        kept.all.add(drill(Drills.State.RUNNING, sessions(null, 5), null, null, false));
        panel().show(status("web"));
        assertThat($(ListItem.class).all())
                .filteredOn(item -> item.getElement().getTextRecursively().contains("essions"))
                .hasSize(3);
    }

    @Test
    void saysWhatARehearsalIsWhereThereWasNone() {
        panel().show(status());

        assertThat($(H3.class).single().getText()).isEqualTo("No failover was rehearsed yet");
        assertThat($(Button.class).withText("Rehearse a failover").single().isEnabled())
                .isFalse();
    }

    @Test
    void cancelsOneThatWaitsOnceThatIsConfirmed() {
        kept.all.add(drill(Drills.State.PLANNED, null, null, null, true));
        panel().show(status("web"));
        var cancel = $(Button.class).withText("Cancel rehearsal").single();

        test(cancel).click();
        test($(ConfirmDialog.class).single()).cancel();
        assertThat(kept.all).hasSize(1);
        test(cancel).click();
        test($(ConfirmDialog.class).single()).confirm();

        assertThat(kept.all).isEmpty();
        assertThat($(Button.class).withText("Cancel rehearsal").exists()).isFalse();
    }

    @Test
    void tellsThatItIsTooLateToCancelAndOffersItNoMore() {
        kept.all.add(drill(Drills.State.PLANNED, null, null, null, true));
        panel().show(status("web"));
        kept.begun = true;

        test($(Button.class).withText("Cancel rehearsal").single()).click();
        test($(ConfirmDialog.class).single()).confirm();

        assertThat($(Notification.class).single().getElement().getTextRecursively())
                .contains("It can't be taken back");
        assertThat($(Button.class).withText("Cancel rehearsal").exists()).isFalse();
        assertThat(items()).contains("can't be cancelled any more");
    }

    @Test
    void offersNothingToWhoMayOnlyLook() {
        kept.all.add(drill(Drills.State.PLANNED, null, null, null, true));

        panel(Set.of(Permission.STACK_VIEW)).show(status("web"));

        assertThat($(Button.class).withText("Cancel rehearsal").exists()).isFalse();
        assertThat($(Button.class).withText("Rehearse a failover").exists()).isFalse();
    }

    @Test
    void showsOlderOnesWhenAsked() {
        for (int i = 0; i < 25; i++) {
            kept.all.add(drill(Drills.State.UNANSWERED, null, null, null, false));
        }
        panel().show(status("web"));
        assertThat($(ListItem.class).all()).hasSize(20);

        test($(Button.class).withText("Show older").single()).click();

        assertThat($(ListItem.class).all()).hasSize(25);
        assertThat($(Button.class).withText("Show older").exists()).isFalse();
    }

    @Test
    void saysSoWhenTheyCannotBeReadAndTriesAgain() {
        kept.failing = true;
        var panel = panel();
        panel.show(status("web"));
        assertThat($(H3.class).single().getText()).isEqualTo("The rehearsals could not be read");

        kept.failing = false;
        kept.all.add(drill(Drills.State.RUNNING, null, null, null, false));
        test($(Button.class).withText("Try again").single()).click();
        assertThat(items()).contains("Running");

        kept.failing = true;
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> panel.show(status("web")));
        assertThat(items()).as("what was shown stays").contains("Running");
    }

    @Test
    void plansOneForLater() {
        panel().show(status("web"));
        test($(Button.class).withText("Rehearse a failover").single()).click();
        $(DateTimePicker.class).single().setValue(LocalDateTime.parse("2026-12-01T04:30:00"));
        $(TextField.class).withLabel("Reason").single().setValue("each quarter");
        $(Checkbox.class).single().setValue(true);

        test($(Button.class).withText("Rehearse").single()).click();

        assertThat(kept.wished)
                .isEqualTo(new Drills.DrillWish(
                        "web", Kind.GRACEFUL, Instant.parse("2026-12-01T04:30:00Z"), 10, true, "each quarter"));
    }

    private static final class Kept implements Drills {

        final List<DrillSummary> all = new ArrayList<>();

        boolean begun;
        boolean failing;

        @Nullable
        DrillWish wished;

        @Override
        public DrillSummary rehearse(StackId stack, DrillWish wish) {
            wished = wish;
            return drill(State.PLANNED, null, null, null, true);
        }

        @Override
        public void cancel(StackId stack, UUID id) {
            if (begun) {
                all.replaceAll(known -> drill(State.PLANNED, null, null, null, false));
                throw new HaException.DrillRefused("drill.begun", "The instances know of it. It can't be taken back.");
            }
            all.removeIf(known -> known.id().equals(id));
        }

        @Override
        public List<DrillSummary> of(StackId stack, @Nullable UUID after, int limit) {
            if (failing) {
                throw new IllegalStateException("planted");
            }
            return all.stream().limit(limit).toList();
        }
    }
}
