package io.garrison.edge.ha.bypass;

import java.io.IOException;
import java.util.List;

/**
 * HAProxy goes on with a configuration that has nothing but where connections come from and go to. It does without the
 * kernel's forwarding, reaches members on loopback, and ends TLS where the service's certificate is here; it does not help
 * against an HAProxy that can't run at all. Ports, open connections and counters are those of any other reload.
 */
public final class TcpBypass implements BypassPort {

    private final Plane plane;

    /** What lets HAProxy do so. */
    public interface Plane {

        /** Returns when it is so. @throws IOException if it is as before */
        void pass(boolean on) throws IOException;

        boolean passes();
    }

    public TcpBypass(Plane plane) {
        this.plane = plane;
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities("haproxy-tcp", true, true, true, true);
    }

    /** What a change of the policy makes of it, HAProxy has with the policy. */
    @Override
    public Engaged engage(List<Passage> passages) throws IOException {
        if (passages.stream().allMatch(passage -> passage.members().isEmpty())) {
            throw new IOException("no service has a member that its clients could be passed to");
        }
        if (!plane.passes()) {
            plane.pass(true);
        }
        return new Engaged(services(passages, false), services(passages, true));
    }

    private static List<String> services(List<Passage> passages, boolean empty) {
        return passages.stream()
                .filter(passage -> passage.members().isEmpty() == empty)
                .map(Passage::service)
                .toList();
    }

    @Override
    public void release() throws IOException {
        if (plane.passes()) {
            plane.pass(false);
        }
    }

    @Override
    public State state() {
        return plane.passes() ? State.ENGAGED : State.OFF;
    }

    @Override
    public void heartbeat() {}
}
