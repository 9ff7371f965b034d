package io.garrison.edge.sync;

import io.garrison.edge.telemetry.Shipper;
import io.garrison.edge.telemetry.Spool;
import java.io.IOException;

/**
 * The way out for the meter records of an instance that was taken out of its stack: management takes nothing else of it, and
 * acknowledges in its answers, because no heartbeat does.
 */
public final class LastMeters {

    private final Spool spool;
    private final GatewayClient gateway;
    private final Shipper shipper;

    public LastMeters(Spool spool, GatewayClient gateway) {
        this.spool = spool;
        this.gateway = gateway;
        this.shipper = new Shipper(spool, gzipped -> TelemetryOutlet.told(() -> take(gzipped)));
    }

    /**
     * Sends what was not sent yet, and forgets what has arrived.
     *
     * @return whether there was anything to send
     * @throws IOException if management can't take it now, or takes no more of this instance
     */
    public boolean ship() throws IOException, InterruptedException {
        boolean any = shipper.shipMeters();
        if (!any && spool.meterRecords() > 0) {
            take(Shipper.nothing());
        }
        return any;
    }

    private void take(byte[] gzipped) throws IOException, InterruptedException {
        spool.acknowledge(gateway.lastMeters(gzipped));
    }
}
