package io.garrison.edge.ha.bypass;

import java.io.IOException;
import java.util.List;

/** An instance that never lets anything pass uninspected. */
public final class NoBypass implements BypassPort {

    @Override
    public Capabilities capabilities() {
        return new Capabilities("none", false, false, true, false);
    }

    @Override
    public Engaged engage(List<Passage> passages) throws IOException {
        throw new IOException("this instance has no bypass (bypass.driver in edge.properties)");
    }

    @Override
    public void release() {}

    @Override
    public State state() {
        return State.OFF;
    }

    @Override
    public void heartbeat() {}
}
