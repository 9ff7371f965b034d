package io.garrison.instances.edgeapi;

import io.garrison.instances.EdgeIdentity;
import io.garrison.instances.TelemetryIntake;
import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.MeterAck;
import io.garrison.protocol.Telemetry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.stereotype.Component;

/** Remembers who sent. */
@Component
class RecordingIntake implements TelemetryIntake {

    final List<EdgeIdentity> taken = new CopyOnWriteArrayList<>();
    final List<SubLicenseId> billed = new CopyOnWriteArrayList<>();

    @Override
    public void accept(EdgeIdentity from, SubLicenseId subLicense, Telemetry batch) {
        taken.add(from);
        billed.add(subLicense);
    }

    @Override
    public List<MeterAck> committed(EdgeIdentity from) {
        return List.of();
    }
}
