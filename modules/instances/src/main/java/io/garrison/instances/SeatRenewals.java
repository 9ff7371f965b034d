package io.garrison.instances;

import io.garrison.licensing.DrainedSeats;
import io.garrison.licensing.InstanceSeats;
import io.garrison.licensing.LicenseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps the seats of instances that report. Renews in the second half of a lease only, because each renewal locks the
 * sub-licence. An instance whose seat is gone keeps its traffic and its management; it shows without a seat.
 */
@Component
class SeatRenewals {

    private static final Logger log = LoggerFactory.getLogger(SeatRenewals.class);

    private static final Duration RETRY = Duration.ofSeconds(30);

    private final Instances instances;
    private final InstanceSeats seats;
    private final DrainedSeats drained;
    private final Clock clock;
    private final TransactionTemplate transaction;

    SeatRenewals(
            Instances instances,
            InstanceSeats seats,
            DrainedSeats drained,
            Clock clock,
            PlatformTransactionManager transactions) {
        this.drained = drained;
        this.instances = instances;
        this.seats = seats;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
    }

    void renewIfDue(Instances.Row instance) {
        var now = clock.instant();
        if (instance.drain() && instance.lifecycle() == LifecycleState.MAINTENANCE && gaveUp(instance, now)) {
            return;
        }
        if (!isDue(instance, now)) {
            return;
        }
        try {
            transaction.executeWithoutResult(status -> instances.seat(
                    instance.id(),
                    seats.lease(instance.subLicense(), instance.id().value()),
                    now));
        } catch (LicenseException e) {
            log.info("instance {} keeps no seat: {}", instance.id(), e.code());
            var until = instance.seatUntil();
            var kept = until != null && until.isAfter(now) ? until : null;
            transaction.executeWithoutResult(status -> instances.seat(instance.id(), kept, now));
        }
    }

    /** A drained instance keeps a seat only if it does not have to give it up. */
    private boolean gaveUp(Instances.Row instance, Instant now) {
        if (instance.seatUntil() == null) {
            return false;
        }
        return Boolean.TRUE.equals(transaction.execute(status -> {
            boolean gone = drained.giveUp(instance.id().value());
            if (gone) {
                instances.seat(instance.id(), null, now);
            }
            return gone;
        }));
    }

    static boolean isDue(Instances.Row instance, Instant now) {
        var until = instance.seatUntil();
        var renewed = instance.seatRenewedAt();
        if (renewed == null) {
            return true;
        }
        if (until == null || !until.isAfter(now)) {
            return !now.isBefore(renewed.plus(RETRY));
        }
        return !now.isBefore(renewed.plus(Duration.between(renewed, until).dividedBy(2)));
    }
}
