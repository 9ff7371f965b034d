package io.garrison.edge.sync;

import io.garrison.edge.telemetry.Shipper;
import java.io.IOException;

/** The gateway as the way out for what the spool holds. */
public record TelemetryOutlet(GatewayClient gateway) implements Shipper.Outlet {

    @Override
    public void send(byte[] gzipped) throws Shipper.Refused, Shipper.Early, IOException, InterruptedException {
        try {
            gateway.telemetry(gzipped);
        } catch (GatewayException e) {
            switch (e.status()) {
                case 400, 413, 422 -> throw new Shipper.Refused(String.valueOf(e.getMessage()));
                case 409 -> throw new Shipper.Early();
                default -> throw e;
            }
        }
    }
}
