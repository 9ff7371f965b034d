package io.garrison.instances.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import io.garrison.instances.MovePreview;
import io.garrison.instances.MovePreview.Coming;
import io.garrison.instances.MovePreview.Conflict;
import io.garrison.instances.StackId;
import io.garrison.instances.TrafficMode;
import io.garrison.instances.availability.HaWarnings.Warning;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The words of both sides of a move, and where they say no. */
class MovePanelsTests extends BrowserlessTest {

    private static final StackId STACK = new StackId(new UUID(1, 2));

    @Test
    void saysWhatAStackBrings() {
        assertThat(ComingStacks.revisions(coming(3, 12, 14, null)))
                .isEqualTo("3\u00a0revisions, 12 to 14; what 14 says is published here as 15");
        assertThat(ComingStacks.revisions(coming(0, 0, 0, null)))
                .isEqualTo("Nothing was published; its draft comes along");
    }

    @Test
    void saysAtTheStackWhatStandsAgainstIt() {
        UI.getCurrent()
                .add(new ComingStacks(new MovePreview(
                        Instant.EPOCH,
                        List.of(coming(
                                1, 1, 1, new Conflict("move.stack-exists", "The stack edge is here already."))))));

        assertThat(UI.getCurrent().getElement().getTextRecursively())
                .contains("The stack edge is here already. Delete it here first")
                .contains("High availability does not come along.");
    }

    private static Coming coming(int revisions, long oldest, long newest, @Nullable Conflict conflict) {
        return new Coming(
                STACK,
                "edge",
                TrafficMode.ACTIVE_ACTIVE,
                List.of("shop"),
                revisions,
                oldest,
                newest,
                List.of(),
                List.of(new Warning("move.ha-stays", "High availability does not come along.")),
                conflict);
    }
}
