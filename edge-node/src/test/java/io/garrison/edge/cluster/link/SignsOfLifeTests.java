package io.garrison.edge.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FailureDetection.HeartbeatHeader;
import org.jgroups.stack.Protocol;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** PX-21: whoever hears nothing else from this member gets a heartbeat, and nobody else does. */
class SignsOfLifeTests {

    private final Address self = UUID.randomUUID();
    private final Address second = UUID.randomUUID();
    private final Address third = UUID.randomUUID();
    private final FD_ALL3 detector = new FD_ALL3();
    private final SignsOfLife signs = new SignsOfLife(detector);
    private final List<Address> beaten = new ArrayList<>();

    @BeforeEach
    void threeMembers() {
        signs.setDownProtocol(new Protocol() {
            @Override
            public Object down(Event event) {
                return null;
            }

            @Override
            public Object down(Message message) {
                if (message.getHeader(detector.getId()) != null) {
                    beaten.add(message.getDest());
                }
                return null;
            }
        });
        signs.setAddress(self);
        signs.down(new Event(Event.VIEW_CHANGE, View.create(self, 1, self, second, third)));
    }

    @Test
    void goToAllIfNothingElseDoes() {
        heartbeat();
        heartbeat();
        assertThat(beaten).containsExactlyInAnyOrder(second, third, second, third);
    }

    @Test
    void areLeftOutForWhomSomethingWasSentSinceTheLastOne() {
        signs.down(new BytesMessage(second, new byte[1]));
        heartbeat();
        assertThat(beaten).containsExactly(third);
        heartbeat();
        assertThat(beaten).containsExactlyInAnyOrder(third, second, third);
    }

    @Test
    void areLeftOutAfterAMessageToAll() {
        signs.down(new BytesMessage(null, new byte[1]));
        heartbeat();
        assertThat(beaten).isEmpty();
    }

    private void heartbeat() {
        signs.down(new EmptyMessage().putHeader(detector.getId(), new HeartbeatHeader()));
    }
}
