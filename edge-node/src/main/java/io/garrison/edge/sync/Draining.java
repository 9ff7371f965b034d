package io.garrison.edge.sync;

import io.garrison.edge.haproxy.DataPlane;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether new clients are turned away: as long as a person on the machine or management wants it. */
final class Draining {

    private static final Logger log = LoggerFactory.getLogger(Draining.class);

    private final DataPlane dataPlane;
    private final TrustStore store;
    private boolean byManagement;

    Draining(DataPlane dataPlane, TrustStore store) {
        this.dataPlane = dataPlane;
        this.store = store;
    }

    boolean wanted() {
        return byManagement || store.drained();
    }

    /** Outlasts the agent. */
    void byHand(boolean on) throws IOException, InterruptedException {
        store.drain(on);
        follow();
    }

    /** Until management says otherwise, which a new agent asks for. */
    void byManagement(boolean on) throws IOException, InterruptedException {
        byManagement = on;
        follow();
    }

    /** Has the data plane do what is wanted. */
    void follow() throws IOException, InterruptedException {
        boolean on = wanted();
        if (on != dataPlane.state().draining()) {
            dataPlane.drain(on);
            log.info(on ? "Draining: new clients are turned away" : "Taking clients again");
        }
    }
}
