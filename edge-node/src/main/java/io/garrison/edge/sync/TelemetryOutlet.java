package io.garrison.edge.sync;

import io.garrison.edge.telemetry.Shipper;
import java.io.IOException;

/** The gateway as the way out for what the spool holds. */
public record TelemetryOutlet(GatewayClient gateway) implements Shipper.Outlet {

    interface Sending {
        void send() throws IOException, InterruptedException;
    }

    @Override
    public void send(byte[] gzipped) throws Shipper.Refused, Shipper.Early, IOException, InterruptedException {
        told(() -> gateway.telemetry(gzipped));
    }

    /** Tells a batch that will never be taken from one whose time will come. */
    static void told(Sending sending) throws Shipper.Refused, Shipper.Early, IOException, InterruptedException {
        try {
            sending.send();
        } catch (GatewayException e) {
            switch (e.status()) {
                case 400, 413, 422 -> throw new Shipper.Refused(String.valueOf(e.getMessage()));
                case 409 -> throw new Shipper.Early();
                default -> throw e;
            }
        }
    }
}
