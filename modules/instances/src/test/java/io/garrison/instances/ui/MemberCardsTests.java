package io.garrison.instances.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.H3;
import io.garrison.instances.ClusterStatus.Member;
import io.garrison.instances.InstanceHealth;
import io.garrison.instances.LifecycleState;
import io.garrison.protocol.Availability.Fault;
import io.garrison.protocol.Availability.RouterState;
import io.garrison.protocol.SyncState;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** PX-27: what each member of a stack is to the others, and what is wrong with it. */
class MemberCardsTests extends BrowserlessTest {

    private static String shown(Member... members) {
        UI.getCurrent().add(new MemberCards(List.of(members)));
        return UI.getCurrent().getElement().getTextRecursively();
    }

    private static Member member(
            String name, String role, long term, long lag, @Nullable String planError, Fault... faults) {
        return new Member(
                UUID.randomUUID(),
                name,
                "192.0.2.1",
                name.equals("north"),
                role,
                faults.length == 0 ? "healthy" : "degraded",
                faults.length == 0,
                LifecycleState.ONLINE,
                SyncState.IN_SYNC,
                InstanceHealth.UP,
                "ACTIVE",
                term,
                7,
                7 + lag,
                lag,
                3,
                3,
                planError,
                List.of(new RouterState("web", "MASTER", null)),
                null,
                0,
                null,
                List.of(faults),
                null,
                null,
                Instant.EPOCH);
    }

    @Test
    void tellsRoleRevisionAddressAndRoutersOfEachByName() {
        var text = shown(member("south", "WORKER", 4, 2, null), member("north", "MAIN", 4, 0, null));

        assertThat($(H3.class).all()).extracting(H3::getText).containsExactly("north", "south");
        assertThat(text).contains("Primary", "Main", "Worker", "7, 2 behind", "192.0.2.1", "web: Master", "Healthy");
    }

    @Test
    void leavesOutWhatInstancesWithoutPeersDoNotHave() {
        assertThat(shown(member("north", "UNKNOWN", 0, 0, null))).doesNotContain("Role", "Term");
    }

    @Test
    void tellsWhyAPlanIsNotInForceOnce() {
        var refused = new Fault("plan-refused", "The device eth9 is not there.", Instant.EPOCH);

        assertThat(shown(member("north", "UNKNOWN", 0, 0, "The device eth9 is not there.", refused)))
                .containsOnlyOnce("eth9")
                .contains("It can't follow its plan: The device eth9 is not there, ");
        assertThat(shown(member("south", "UNKNOWN", 0, 0, "The device eth7 is not there.")))
                .contains("Its plan is not in force: The device eth7 is not there.");
    }

    @Test
    void saysHowTheFirstInstanceJoins() {
        assertThat(shown()).contains("No instance has joined yet");
    }
}
