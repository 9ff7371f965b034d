package io.garrison.instances;

import io.garrison.licensing.InstanceSeats;
import io.garrison.licensing.SeatLease;
import java.time.Instant;
import org.springframework.stereotype.Component;

/** What becomes of an instance that leaves its stack. Works in the caller's transaction, on a row that it locked. */
@Component
class Departures {

    private final Instances instances;
    private final SharedHoldings holdings;
    private final InstanceSeats seats;
    private final EdgeNews news;
    private final InstanceSettings settings;

    Departures(
            Instances instances,
            SharedHoldings holdings,
            InstanceSeats seats,
            EdgeNews news,
            InstanceSettings settings) {
        this.instances = instances;
        this.holdings = holdings;
        this.seats = seats;
        this.news = news;
        this.settings = settings;
    }

    /** To be called before the instance's row is locked. */
    void prepare(InstanceId id) {
        seats.hold(id.value());
    }

    /** @param state QUARANTINED or RETIRED */
    void leave(Instances.Row row, LifecycleState state, Instant now) {
        instances.enter(row.id(), state, row.drain(), now);
        instances.revokeCertificates(row.id(), now);
        var out = seats.release(row.id().value());
        instances.seat(
                row.id(), out.map(until -> new SeatLease(until, true, null)).orElse(null), now);
        instances.keepSubLicense(row.id());
        registers(row, state, now);
        holdings.forget(row, state == LifecycleState.RETIRED);
        news.ofInstance(row.id());
    }

    /** What a decommissioned instance has counted is heard to its end; a quarantined one is believed when a person says so. */
    private void registers(Instances.Row row, LifecycleState state, Instant now) {
        if (state == LifecycleState.QUARANTINED) {
            instances.takeRegisters(row.id(), null);
        } else if (row.lifecycle().mayDialIn()) {
            instances.takeRegisters(row.id(), lastRegisters(now));
        }
    }

    Instant lastRegisters(Instant now) {
        return now.plus(settings.lastRegisters());
    }
}
