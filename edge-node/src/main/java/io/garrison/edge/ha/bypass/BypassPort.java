package io.garrison.edge.ha.bypass;

import java.io.IOException;
import java.util.List;

/**
 * Something that lets traffic pass without what HAProxy does: a rule of the kernel, a bypass network card, or HAProxy with
 * nothing to do but pass connections on. What passes is not
 * inspected, so engaging it is always told as an alarm. Belongs to one thread.
 */
public interface BypassPort {

    /**
     * @param name of the driver
     * @param available whether it can let anything pass
     * @param survivesAgent whether it goes on, or begins by itself, when the agent is gone
     * @param counted whether bytes that pass it are counted
     * @param needsHaproxy whether nothing passes when HAProxy has ended
     */
    record Capabilities(String name, boolean available, boolean survivesAgent, boolean counted, boolean needsHaproxy) {}

    /** A service and where its clients shall go. */
    record Passage(String service, String address, int port, List<Member> members) {
        public Passage {
            members = List.copyOf(members);
        }
    }

    record Member(String address, int port) {}

    /**
     * What became of it.
     *
     * @param passed services whose traffic passes
     * @param left services for which nothing can be done
     */
    record Engaged(List<String> passed, List<String> left) {}

    enum State {
        OFF,
        ENGAGED
    }

    Capabilities capabilities();

    /** Lets these pass; again with others to follow a change. */
    Engaged engage(List<Passage> passages) throws IOException;

    /** Back to HAProxy. Does nothing if it was not engaged. */
    void release() throws IOException;

    State state();

    /** Whether something waits for {@link #heartbeat}, engaged or not. */
    default boolean awaitsHeartbeat() {
        return false;
    }

    /** Called every second by an agent that is well; a card that waits in vain for it begins by itself. */
    void heartbeat() throws IOException;
}
