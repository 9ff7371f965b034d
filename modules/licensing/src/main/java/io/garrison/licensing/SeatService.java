package io.garrison.licensing;

import io.garrison.licensing.LicenseException.NoSeatLeft;
import io.garrison.licensing.LicenseException.NotInForce;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.tenancy.AuditTrail;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
class SeatService implements InstanceSeats {

    private final SubLicenseRecords subLicenses;
    private final Seats seats;
    private final Installation installation;
    private final LicensingSettings settings;
    private final AuditTrail audit;

    SeatService(
            SubLicenseRecords subLicenses,
            Seats seats,
            Installation installation,
            LicensingSettings settings,
            AuditTrail audit) {
        this.subLicenses = subLicenses;
        this.seats = seats;
        this.installation = installation;
        this.settings = settings;
        this.audit = audit;
    }

    @Override
    public Instant lease(SubLicenseId subLicense, UUID instance) {
        // Renewals take the lock too: one that extends a lease in the moment in which it runs out would else be
        // overlooked by somebody who counts the seats just then.
        var licensed = subLicenses.lock(subLicense).orElseThrow(UnknownSubLicense::new);
        var now = installation.now();
        var state = licensed.stateAt(now);
        boolean renewal = seats.heldBy(instance, now).filter(subLicense::equals).isPresent();
        if (!(state.isInForce() || renewal && state.keepsSeats())) {
            throw new NotInForce(state);
        }
        if (!renewal) {
            long limit = licensed.entitlements().instances();
            if (seats.taken(subLicense, now) >= limit) {
                throw new NoSeatLeft(limit);
            }
            audit.record("seat.taken", "instance", instance.toString(), Map.of("subLicense", subLicense.toString()));
        }
        var expiresAt = now.plus(settings.lease());
        seats.put(instance, subLicense, now, expiresAt);
        return expiresAt;
    }

    @Override
    public void release(UUID instance) {
        if (seats.remove(instance)) {
            audit.record("seat.released", "instance", instance.toString(), Map.of());
        }
    }
}
