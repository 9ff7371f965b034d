package io.garrison.licensing;

import io.garrison.licensing.LicenseException.NotInForce;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.tenancy.AuditTrail;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
class SeatService implements InstanceSeats, DrainedSeats {

    private final SubLicenseRecords subLicenses;
    private final Seats seats;
    private final SeatRoom room;
    private final LicensingSettings settings;
    private final AuditTrail audit;

    SeatService(
            SubLicenseRecords subLicenses, Seats seats, SeatRoom room, LicensingSettings settings, AuditTrail audit) {
        this.subLicenses = subLicenses;
        this.seats = seats;
        this.room = room;
        this.settings = settings;
        this.audit = audit;
    }

    @Override
    public Instant lease(SubLicenseId subLicense, UUID instance) {
        var seen = subLicenses.find(subLicense).orElseThrow(UnknownSubLicense::new);
        var license = room.lockIfSeatsGoBeyond(seen, instance);
        // Renewals take the lock too: one that extends a lease in the moment in which it runs out would else be
        // overlooked by somebody who counts the seats just then.
        var licensed = subLicenses.lock(subLicense).orElseThrow(UnknownSubLicense::new);
        var now = room.now();
        room.settle(licensed, now);
        var state = licensed.stateAt(now);
        boolean renewal = seats.heldBy(instance, now).filter(subLicense::equals).isPresent();
        var giveUpAt = renewal ? seats.giveUpAt(instance, now) : Optional.<Instant>empty();
        if (!(state.isInForce() || renewal && (state.keepsSeats() || giveUpAt.isPresent()))) {
            throw new NotInForce(state);
        }
        if (!renewal) {
            room.require(licensed, license, seats.taken(subLicense, now), now);
            audit.record("seat.taken", "instance", instance.toString(), Map.of("subLicense", subLicense.toString()));
        }
        var lasts = now.plus(settings.lease());
        var expiresAt = giveUpAt.filter(lasts::isAfter).orElse(lasts);
        seats.put(instance, subLicense, now, expiresAt);
        room.settle(licensed, now);
        return expiresAt;
    }

    @Override
    public boolean giveUp(UUID instance) {
        return leave(instance, "seat.given-up", seats::removeMarked);
    }

    @Override
    public void release(UUID instance) {
        leave(instance, "seat.released", seats::remove);
    }

    private boolean leave(UUID instance, String action, Predicate<UUID> remove) {
        var now = room.now();
        var licensed = seats.lastOf(instance).flatMap(subLicenses::find).flatMap(room::lockIfOver);
        licensed.ifPresent(of -> room.settle(of, now));
        boolean held = remove.test(instance);
        licensed.ifPresent(of -> room.settle(of, now));
        if (held) {
            audit.record(action, "instance", instance.toString(), Map.of());
        }
        return held;
    }
}
