package io.garrison.instances.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.ComponentUtil;
import com.vaadin.flow.component.PollEvent;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.details.Details;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Span;
import io.garrison.instances.InstanceDoctor;
import io.garrison.instances.InstanceId;
import io.garrison.protocol.Examination;
import io.garrison.protocol.Examination.Finding;
import io.garrison.tenancy.Permission;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the doctor found, where a person sees the instance. */
class DoctorPanelTests extends BrowserlessTest {

    private static final InstanceId INSTANCE = new InstanceId(UUID.randomUUID());

    private final FakeDoctor doctor = new FakeDoctor();

    @Test
    void asksTheInstanceAndShowsThatItIsWaitedFor() {
        open(Set.of(Permission.STACK_VIEW, Permission.INSTANCE_OPERATE));
        assertThat(words()).contains("It looks at every layer");
        assertThat(run().isEnabled()).isTrue();

        run().click();
        assertThat(doctor.asked).isEqualTo(1);
        assertThat(words()).contains("Waiting for the next heartbeat");
        assertThat(run().isEnabled()).as("asked already").isFalse();

        tells(InstanceDoctor.State.RUNNING, null);
        assertThat(words()).contains("Looking");
        tells(InstanceDoctor.State.UNANSWERED, null);
        assertThat(words()).contains("No answer", "garrison-edge doctor");
        assertThat(run().isEnabled()).isTrue();
    }

    @Test
    void namesTheLayerWhatIsWrongAndWhatToDo() {
        open(Set.of(Permission.STACK_VIEW, Permission.INSTANCE_OPERATE));
        tells(
                InstanceDoctor.State.DONE,
                examination(
                        new Finding("files.state", "FILES", "GOOD", "it is the owner's alone", null),
                        new Finding("gateway.port", "GATEWAY", "BAD", "it refuses connections", "Is management up?"),
                        new Finding("DI-T03", "PEERS", "BAD", "edge-2 is silent", "Open the port.")));

        assertThat(words()).contains("2 troubles", "Begin with the first");
        assertThat($(ListItem.class).all().getFirst().getElement().getTextRecursively())
                .contains("Gateway", "gateway.port", "it refuses connections", "Is management up?");
        assertThat($(Details.class).single().getSummaryText().replaceAll("\\p{Zs}", " "))
                .isEqualTo("1 other finding");

        tells(InstanceDoctor.State.DONE, examination(new Finding("DI-T19", "PEERS", "SKIPPED", "it is off", null)));
        assertThat(words()).contains("Nothing is wrong").doesNotContain("Begin with");
        tells(
                InstanceDoctor.State.DONE,
                new Examination(UUID.randomUUID(), Instant.EPOCH, Instant.EPOCH, List.of(), "It failed."));
        assertThat(words()).contains("It did not come to its end", "It failed.").doesNotContain("Nothing is wrong");
    }

    @Test
    void showsTheOldResultWhileANewOneIsMade() {
        open(Set.of(Permission.STACK_VIEW, Permission.INSTANCE_OPERATE));
        tells(
                InstanceDoctor.State.RUNNING,
                examination(new Finding("DI-T12", "DISCOVERY", "BAD", "nobody listens", "Open the port.")));
        assertThat(words()).contains("Looking", "1 trouble", "nobody listens");
    }

    @Test
    void whoMayOnlyLookCantAsk() {
        open(Set.of(Permission.STACK_VIEW));
        assertThat($(Button.class).all()).isEmpty();
    }

    private void open(Set<Permission> permissions) {
        var panel = new DoctorPanel(doctor, new TestScope(permissions), INSTANCE);
        UI.getCurrent().add(panel);
        panel.mayAsk(true);
    }

    private Button run() {
        return $(Button.class).single();
    }

    private void tells(InstanceDoctor.State state, @Nullable Examination result) {
        doctor.now = new InstanceDoctor.Examined(state, UUID.randomUUID(), Instant.EPOCH, "ann", result);
        ComponentUtil.fireEvent(UI.getCurrent(), new PollEvent(UI.getCurrent(), false));
    }

    /** With ordinary spaces between numbers and words. */
    private String words() {
        var all = UI.getCurrent().getElement().getTextRecursively()
                + $(Span.class).all().stream().map(Span::getText).collect(Collectors.joining(" "));
        return all.replaceAll("\\p{Zs}", " ");
    }

    private static Examination examination(Finding... findings) {
        return new Examination(UUID.randomUUID(), Instant.EPOCH, Instant.EPOCH, List.of(findings), null);
    }

    private static final class FakeDoctor implements InstanceDoctor {
        private Examined now = new Examined(State.NEVER, null, null, null, null);
        private int asked;

        @Override
        public Examined examine(InstanceId id) {
            asked++;
            now = new Examined(State.WAITING, UUID.randomUUID(), Instant.EPOCH, "ann", null);
            return now;
        }

        @Override
        public Examined latest(InstanceId id) {
            return now;
        }
    }
}
