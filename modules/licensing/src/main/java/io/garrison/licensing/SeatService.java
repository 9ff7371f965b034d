package io.garrison.licensing;

import io.garrison.licensing.LicenseException.NotInForce;
import io.garrison.licensing.LicenseException.OfflineLeaseRefused;
import io.garrison.licensing.LicenseException.ReceiptRefused;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.licensing.SubLicenseRecords.Stored;
import io.garrison.protocol.LeaseReceipt;
import io.garrison.protocol.LeaseTrust;
import io.garrison.tenancy.AuditTrail;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
class SeatService implements InstanceSeats, DrainedSeats {

    private final SubLicenseRecords subLicenses;
    private final Seats seats;
    private final SeatRoom room;
    private final Giving giving;
    private final AuditTrail audit;

    SeatService(SubLicenseRecords subLicenses, Seats seats, SeatRoom room, Giving giving, AuditTrail audit) {
        this.subLicenses = subLicenses;
        this.seats = seats;
        this.room = room;
        this.giving = giving;
        this.audit = audit;
    }

    /** How leases are made. */
    @Component
    record Giving(LeaseSigner signer, LicensingSettings settings) {}

    /** A sub-licence under lock, the licence too if seats may go beyond, and the lease that the instance holds. */
    private record Asked(
            Stored licensed,
            @Nullable LicenseSummary license,
            Optional<Seats.Lease> held,
            Optional<Instant> giveUpAt,
            Instant now) {

        boolean isRenewal() {
            return held.filter(lease -> lease.subLicense().equals(licensed.id()))
                    .isPresent();
        }

        /** No lease lasts beyond this. */
        Instant ends() {
            var graceEnds = Ladder.graceEnds(licensed.until(), licensed.graceDays());
            return giveUpAt.filter(graceEnds::isAfter).orElse(graceEnds);
        }
    }

    @Override
    public SeatLease lease(SubLicenseId subLicense, UUID instance) {
        var asked = asked(subLicense, instance);
        if (asked.held().filter(Seats.Lease::offline).isPresent()) {
            return asked.held().get().asLease();
        }
        admit(asked, instance);
        var lasts = asked.now().plus(giving.settings().lease());
        var until = lasts.isAfter(asked.ends()) ? asked.ends() : lasts;
        return give(asked, instance, until, false);
    }

    @Override
    public SeatLease leaseOffline(SubLicenseId subLicense, UUID instance, int days) {
        if (days < 1 || days > MAX_OFFLINE_DAYS) {
            throw OfflineLeaseRefused.days(days);
        }
        var asked = asked(subLicense, instance);
        var until = asked.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(days));
        var longer = asked.held().filter(lease -> lease.offline() && until.isBefore(lease.expiresAt()));
        if (longer.isPresent()) {
            throw OfflineLeaseRefused.shorterThan(longer.get().expiresAt());
        }
        admit(asked, instance);
        if (until.isAfter(asked.ends())) {
            throw OfflineLeaseRefused.beyond(
                    asked.ends(), Duration.between(asked.now(), asked.ends()).toDays());
        }
        var given = give(asked, instance, until, true);
        audit.record(
                "offline-lease.given",
                "instance",
                instance.toString(),
                Map.of("subLicense", subLicense.toString(), "until", until.toString()));
        return given;
    }

    private Asked asked(SubLicenseId subLicense, UUID instance) {
        var seen = subLicenses.find(subLicense).orElseThrow(UnknownSubLicense::new);
        var license = room.lockIfSeatsGoBeyond(seen, instance);
        // Renewals take the lock too: one that extends a lease in the moment in which it runs out would else be
        // overlooked by somebody who counts the seats just then.
        var licensed = subLicenses.lock(subLicense).orElseThrow(UnknownSubLicense::new);
        var now = room.now();
        room.settle(licensed, now);
        var held = seats.inForce(instance, now);
        boolean same =
                held.filter(lease -> lease.subLicense().equals(subLicense)).isPresent();
        return new Asked(licensed, license, held, same ? seats.giveUpAt(instance, now) : Optional.empty(), now);
    }

    private void admit(Asked asked, UUID instance) {
        var licensed = asked.licensed();
        var state = licensed.stateAt(asked.now());
        boolean keeps = state.keepsSeats() || asked.giveUpAt().isPresent();
        if (!(state.isInForce() || asked.isRenewal() && keeps)) {
            throw new NotInForce(state);
        }
        if (!asked.isRenewal()) {
            room.require(licensed, asked.license(), seats.taken(licensed.id(), asked.now()), asked.now());
            audit.record(
                    "seat.taken",
                    "instance",
                    instance.toString(),
                    Map.of("subLicense", licensed.id().toString()));
        }
    }

    /** A lease that must end within this second lasts to the end of it. */
    private SeatLease give(Asked asked, UUID instance, Instant wanted, boolean offline) {
        var second = asked.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        var until = wanted.isBefore(second) ? second : wanted.truncatedTo(ChronoUnit.SECONDS);
        var signed = giving.signer().sign(asked.licensed(), instance, asked.now(), until, offline);
        seats.put(
                instance,
                new Seats.Lease(asked.licensed().id(), until, signed.id(), offline, signed.text()),
                asked.now());
        room.settle(asked.licensed(), asked.now());
        return new SeatLease(until, offline, signed.text());
    }

    @Override
    public void hold(UUID instance) {
        seats.lastOf(instance).ifPresent(subLicenses::lock);
    }

    @Override
    public void hold(SubLicenseId subLicense, UUID instance) {
        subLicenses.find(subLicense).ifPresent(seen -> {
            room.lockIfSeatsGoBeyond(seen, instance);
            subLicenses.lock(subLicense);
        });
    }

    @Override
    public boolean giveUp(UUID instance) {
        return leave(instance, "seat.given-up", Map.of(), seats::removeMarked);
    }

    @Override
    public Optional<Instant> release(UUID instance) {
        var out = seats.inForce(instance, room.now()).filter(Seats.Lease::offline);
        if (out.isEmpty()) {
            leave(instance, "seat.released", Map.of(), seats::remove);
        }
        return out.map(Seats.Lease::expiresAt);
    }

    @Override
    public void takeBack(LeaseReceipt receipt) {
        var details = Map.of(
                "lease", receipt.lease().toString(),
                "returnedAt", receipt.returnedAt().toString());
        boolean freed = leave(receipt.instance(), "offline-lease.returned", details, instance -> freed(receipt));
        if (!freed) {
            throw seats.cameBack(receipt.lease()) ? ReceiptRefused.twice() : ReceiptRefused.notNewest();
        }
    }

    private boolean freed(LeaseReceipt receipt) {
        return seats.lock(receipt.instance())
                        .filter(lease -> lease.offline() && receipt.lease().equals(lease.leaseId()))
                        .isPresent()
                && seats.returned(receipt, room.now())
                && seats.remove(receipt.instance());
    }

    private boolean leave(UUID instance, String action, Map<String, String> details, Predicate<UUID> remove) {
        var now = room.now();
        var licensed =
                seats.lastOf(instance).flatMap(subLicenses::find).flatMap(seen -> room.lockIfOver(seen, instance));
        licensed.ifPresent(of -> room.settle(of, now));
        boolean held = remove.test(instance);
        licensed.ifPresent(of -> room.settleRest(of, now));
        if (held) {
            audit.record(action, "instance", instance.toString(), details);
        }
        return held;
    }

    @Override
    public LeaseTrust trust() {
        return giving.signer().trust();
    }
}
