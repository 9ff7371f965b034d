package io.garrison.edge.cluster.link;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jgroups.Address;
import org.jgroups.EmptyMessage;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.Message.Flag;
import org.jgroups.View;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.stack.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out the heartbeats of the failure detector to whom something else was sent since the one before: each message is a
 * sign of life, and a main and its followers have enough of these. Belongs right below the failure detector.
 */
final class SignsOfLife extends Protocol {

    private final FD_ALL3 detector;
    private final Map<Address, Boolean> heard = new ConcurrentHashMap<>();
    private volatile List<Address> others = List.of();

    SignsOfLife(FD_ALL3 detector) {
        this.detector = detector;
    }

    @Override
    public Object down(Event event) {
        if (event.getType() == Event.VIEW_CHANGE) {
            View view = event.getArg();
            others = view.getMembers().stream()
                    .filter(member -> !member.equals(getAddress()))
                    .toList();
            heard.keySet().retainAll(others);
        }
        return super.down(event);
    }

    @Override
    public @Nullable Object down(Message message) {
        var to = message.getDest();
        if (to != null) {
            heard.put(to, true);
            return super.down(message);
        }
        var heartbeat = message.getHeader(detector.getId());
        if (heartbeat == null) {
            others.forEach(member -> heard.put(member, true));
            return super.down(message);
        }
        for (var member : others) {
            if (heard.remove(member) == null) {
                super.down(new EmptyMessage(member)
                        .setFlag(Flag.OOB, Flag.NO_RELIABILITY, Flag.NO_FC)
                        .putHeader(detector.getId(), heartbeat));
            }
        }
        return null;
    }
}
