package io.garrison.licensing;

import io.garrison.licensing.LicenseException.NoSeatLeft;
import io.garrison.licensing.LicenseException.NotInForce;
import io.garrison.licensing.LicenseException.OfflineLeaseRefused;
import io.garrison.licensing.LicenseException.ReceiptRefused;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.licensing.Seats.Held;
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
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
class SeatService implements InstanceSeats {

    private final SubLicenseRecords subLicenses;
    private final Seats seats;
    private final Installation installation;
    private final Giving giving;
    private final AuditTrail audit;

    SeatService(
            SubLicenseRecords subLicenses, Seats seats, Installation installation, Giving giving, AuditTrail audit) {
        this.subLicenses = subLicenses;
        this.seats = seats;
        this.installation = installation;
        this.giving = giving;
        this.audit = audit;
    }

    /** How leases are made. */
    @org.springframework.stereotype.Component
    record Giving(LeaseSigner signer, LicensingSettings settings) {}

    @Override
    public SeatLease lease(SubLicenseId subLicense, UUID instance) {
        // Renewals take the lock too: one that extends a lease in the moment in which it runs out would else be
        // overlooked by somebody who counts the seats just then.
        var licensed = subLicenses.lock(subLicense).orElseThrow(UnknownSubLicense::new);
        var now = installation.now();
        var held = seats.inForce(instance, now);
        if (held.filter(Held::offline).isPresent()) {
            return held.get().asLease();
        }
        admit(licensed, instance, held, now);
        var until = now.plus(giving.settings().lease()).truncatedTo(ChronoUnit.SECONDS);
        var ends = Ladder.graceEnds(licensed.until(), licensed.graceDays());
        return give(licensed, instance, now, until.isAfter(ends) ? ends : until, false);
    }

    @Override
    public SeatLease leaseOffline(SubLicenseId subLicense, UUID instance, int days) {
        var licensed = subLicenses.lock(subLicense).orElseThrow(UnknownSubLicense::new);
        var now = installation.now();
        var held = seats.inForce(instance, now);
        var until = now.truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(days));
        if (days < 1 || days > MAX_OFFLINE_DAYS) {
            throw OfflineLeaseRefused.days(days);
        }
        if (held.filter(lease -> lease.offline() && until.isBefore(lease.expiresAt()))
                .isPresent()) {
            throw OfflineLeaseRefused.shorterThan(held.get().expiresAt());
        }
        admit(licensed, instance, held, now);
        var ends = Ladder.graceEnds(licensed.until(), licensed.graceDays());
        if (until.isAfter(ends)) {
            throw OfflineLeaseRefused.beyond(ends, Duration.between(now, ends).toDays());
        }
        var given = give(licensed, instance, now, until, true);
        audit.record(
                "offline-lease.given",
                "instance",
                instance.toString(),
                Map.of("subLicense", subLicense.toString(), "until", until.toString()));
        return given;
    }

    private void admit(Stored licensed, UUID instance, Optional<Held> held, Instant now) {
        var state = licensed.stateAt(now);
        boolean renewal =
                held.filter(lease -> lease.subLicense().equals(licensed.id())).isPresent();
        if (!(state.isInForce() || renewal && state.keepsSeats())) {
            throw new NotInForce(state);
        }
        if (!renewal) {
            long limit = licensed.entitlements().instances();
            if (seats.taken(licensed.id(), now) >= limit) {
                throw new NoSeatLeft(limit);
            }
            audit.record(
                    "seat.taken",
                    "instance",
                    instance.toString(),
                    Map.of("subLicense", licensed.id().toString()));
        }
    }

    private SeatLease give(Stored licensed, UUID instance, Instant now, Instant until, boolean offline) {
        var signed = giving.signer().sign(licensed, instance, now, until, offline);
        seats.put(instance, new Held(licensed.id(), until, signed.id(), offline, signed.text()), now);
        return new SeatLease(until, offline, signed.text());
    }

    @Override
    public Optional<Instant> release(UUID instance) {
        var out = seats.inForce(instance, installation.now()).filter(Held::offline);
        if (out.isPresent()) {
            return out.map(Held::expiresAt);
        }
        if (seats.remove(instance)) {
            audit.record("seat.released", "instance", instance.toString(), Map.of());
        }
        return Optional.empty();
    }

    @Override
    public void takeBack(LeaseReceipt receipt) {
        var held = seats.lock(receipt.instance());
        boolean newest = held.filter(lease -> lease.offline() && receipt.lease().equals(lease.leaseId()))
                .isPresent();
        if (newest && seats.returned(receipt, installation.now())) {
            seats.remove(receipt.instance());
            audit.record(
                    "offline-lease.returned",
                    "instance",
                    receipt.instance().toString(),
                    Map.of(
                            "lease", receipt.lease().toString(),
                            "returnedAt", receipt.returnedAt().toString()));
        } else if (seats.cameBack(receipt.lease())) {
            throw ReceiptRefused.twice();
        } else {
            throw ReceiptRefused.notNewest();
        }
    }

    @Override
    public LeaseTrust trust() {
        return giving.signer().trust();
    }
}
