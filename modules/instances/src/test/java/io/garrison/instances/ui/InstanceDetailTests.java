package io.garrison.instances.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Paragraph;
import io.garrison.instances.InstanceDoctor;
import io.garrison.instances.InstanceHealth;
import io.garrison.instances.InstanceId;
import io.garrison.instances.InstanceManagement;
import io.garrison.instances.InstanceSummary;
import io.garrison.instances.LifecycleState;
import io.garrison.instances.StackId;
import io.garrison.protocol.SyncState;
import io.garrison.tenancy.Permission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a person can do to an instance, and reads of it before. */
class InstanceDetailTests extends BrowserlessTest {

    private static final InstanceId INSTANCE = new InstanceId(UUID.randomUUID());
    private static final Set<Permission> OPERATOR = Set.of(Permission.STACK_VIEW, Permission.INSTANCE_OPERATE);

    private final FakeInstances instances = new FakeInstances();

    /** ADR 24: after a quarantine a person decides, and may think better of it. */
    @Test
    void letsAPersonTakeTheLastUsageOfWhoIsOut() {
        open(OPERATOR, LifecycleState.QUARANTINED, null);

        button("Take its last usage").click();
        button("Take no more usage").click();

        assertThat(instances.taken).containsExactly(true, false);
        assertThat(verbs()).contains("Take its last usage");
        open(OPERATOR, LifecycleState.RETIRED, Instant.EPOCH);
        assertThat(verbs()).containsExactly("Take no more usage");
    }

    @Test
    void hasNothingToDecideOfTheUsageOfWhoIsThere() {
        open(OPERATOR, LifecycleState.ONLINE, null);

        assertThat(verbs()).containsExactly("Drain", "Quarantine", "Decommission");
    }

    @Test
    void offersNothingToWhoMayOnlyLook() {
        open(Set.of(Permission.STACK_VIEW), LifecycleState.QUARANTINED, null);

        assertThat(verbs()).isEmpty();
    }

    /** What the dialog says of the bill is what becomes of it. */
    @Test
    void saysBeforeADecommissioningWhetherTheLastUsageIsBilled() {
        assertThat(warned(LifecycleState.ONLINE, null)).contains("is still taken for a while");
        assertThat(warned(LifecycleState.QUARANTINED, null)).contains("is not billed");
        assertThat(warned(LifecycleState.QUARANTINED, Instant.EPOCH)).contains("is taken until");
    }

    /** An instance tells things of itself when it joins that are told above already. */
    @Test
    void saysNothingTwice() {
        open(OPERATOR, LifecycleState.ONLINE, null);

        var text = UI.getCurrent().getElement().getTextRecursively();
        assertThat(text).contains("Operating systemLinux").doesNotContain("Agent version");
        assertThat(text.split("edge-1", -1)).as("the name is that of the page").hasSize(1);
    }

    private String warned(LifecycleState state, @Nullable Instant registersUntil) {
        open(OPERATOR, state, registersUntil);
        button("Decommission").click();
        var words = $(Paragraph.class).all().getLast().getText();
        button("Cancel").click();
        return words;
    }

    private void open(Set<Permission> rights, LifecycleState state, @Nullable Instant registersUntil) {
        UI.getCurrent().removeAll();
        instances.now = summary(state, registersUntil);
        UI.getCurrent()
                .add(new InstanceDetail(
                        instances, new NoDoctor(), new TestScope(rights), instances.now, changed -> {}));
    }

    private List<String> verbs() {
        return $(Button.class).all().stream()
                .map(Button::getText)
                .filter(verb -> !verb.contains("doctor"))
                .toList();
    }

    private Button button(String verb) {
        return $(Button.class).all().stream()
                .filter(button -> button.getText().equals(verb))
                .findFirst()
                .orElseThrow();
    }

    private static InstanceSummary summary(LifecycleState state, @Nullable Instant registersUntil) {
        return new InstanceSummary(
                INSTANCE,
                new StackId(UUID.randomUUID()),
                "edge",
                "edge-1",
                state,
                SyncState.IN_SYNC,
                InstanceHealth.UP,
                "ACTIVE",
                1,
                1,
                null,
                null,
                null,
                null,
                List.of(),
                null,
                Instant.EPOCH,
                null,
                Instant.EPOCH,
                Map.of("os", "Linux", "name", "edge-1", "agentVersion", "1.2.3"),
                null,
                null,
                null,
                registersUntil,
                null);
    }

    private static final class FakeInstances implements InstanceManagement {
        private final List<Boolean> taken = new ArrayList<>();
        private InstanceSummary now = summary(LifecycleState.ONLINE, null);

        @Override
        public List<InstanceSummary> list(@Nullable StackId stack, @Nullable InstanceId after, int limit) {
            return List.of(now);
        }

        @Override
        public InstanceSummary get(InstanceId id) {
            return now;
        }

        @Override
        public InstanceSummary drain(InstanceId id) {
            return now;
        }

        @Override
        public InstanceSummary resume(InstanceId id) {
            return now;
        }

        @Override
        public InstanceSummary quarantine(InstanceId id, boolean force) {
            return now;
        }

        @Override
        public InstanceSummary decommission(InstanceId id, boolean force) {
            return now;
        }

        @Override
        public InstanceSummary takeRegisters(InstanceId id, boolean take) {
            taken.add(take);
            now = summary(now.lifecycleState(), take ? Instant.EPOCH : null);
            return now;
        }
    }

    private static final class NoDoctor implements InstanceDoctor {
        private static final Examined NEVER = new Examined(State.NEVER, null, null, null, null);

        @Override
        public Examined examine(InstanceId id) {
            return NEVER;
        }

        @Override
        public Examined latest(InstanceId id) {
            return NEVER;
        }
    }
}
