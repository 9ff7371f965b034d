package io.garrison.edge.ha.bypass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.garrison.edge.ha.bypass.BypassPort.Member;
import io.garrison.edge.ha.bypass.BypassPort.Passage;
import io.garrison.edge.ha.bypass.BypassPort.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** HA-07: a bypass by HAProxy itself. */
class TcpBypassTests {

    private static final Passage SHOP = new Passage("shop", "0.0.0.0", 443, List.of(new Member("127.0.0.1", 8_080)));
    private static final Passage IDLE = new Passage("idle", "192.0.2.1", 81, List.of());

    private final Plane plane = new Plane();
    private final TcpBypass bypass = new TcpBypass(plane);

    @Test
    void asksHaproxyOnceAndSaysWhatItCantPass() throws IOException {
        var engaged = bypass.engage(List.of(SHOP, IDLE));
        bypass.engage(List.of(SHOP));

        assertThat(engaged.passed()).containsExactly("shop");
        assertThat(engaged.left()).containsExactly("idle");
        assertThat(bypass.state()).isEqualTo(State.ENGAGED);
        bypass.release();
        bypass.release();
        assertThat(plane.said).containsExactly(true, false);
        assertThat(bypass.state()).isEqualTo(State.OFF);
        assertThat(bypass.capabilities().needsHaproxy()).isTrue();
        assertThat(bypass.capabilities().counted()).isTrue();
    }

    @Test
    void goesOnWithWhatAnEarlierAgentLeft() throws IOException {
        plane.passes = true;

        assertThat(bypass.state()).isEqualTo(State.ENGAGED);
        bypass.engage(List.of(SHOP));
        assertThat(plane.said).isEmpty();
    }

    @Test
    void passesNothingWhereNobodyIsBehind() {
        assertThatIOException().isThrownBy(() -> bypass.engage(List.of(IDLE)));
        assertThat(plane.said).isEmpty();
    }

    private static final class Plane implements TcpBypass.Plane {
        private final List<Boolean> said = new ArrayList<>();
        private boolean passes;

        @Override
        public void pass(boolean on) {
            said.add(on);
            passes = on;
        }

        @Override
        public boolean passes() {
            return passes;
        }
    }
}
