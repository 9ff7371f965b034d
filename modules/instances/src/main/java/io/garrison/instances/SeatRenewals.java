package io.garrison.instances;

import io.garrison.licensing.DrainedSeats;
import io.garrison.licensing.InstanceSeats;
import io.garrison.licensing.LicenseException;
import io.garrison.licensing.LicenseTime;
import io.garrison.licensing.SeatLease;
import io.garrison.protocol.Report;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
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

    /** What an instance says that has no keys to verify leases with. */
    private static final String NO_LEASES = "NONE";

    private final Instances instances;
    private final InstanceSeats seats;
    private final DrainedSeats drained;
    private final LicenseTime time;
    private final TransactionTemplate transaction;

    SeatRenewals(
            Instances instances,
            InstanceSeats seats,
            DrainedSeats drained,
            LicenseTime time,
            PlatformTransactionManager transactions) {
        this.drained = drained;
        this.instances = instances;
        this.seats = seats;
        this.time = time;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * @param told what the instance says of its lease; absent from agents that know none
     * @return a new signed lease, if one was made
     */
    @Nullable
    String renewIfDue(Instances.Row instance, Report.@Nullable LicenseState told) {
        var now = time.now();
        if (instance.drain() && instance.lifecycle() == LifecycleState.MAINTENANCE && gaveUp(instance, now)) {
            return null;
        }
        if (!isDue(instance, now) && !isMissed(instance, told, now)) {
            return null;
        }
        try {
            var lease = transaction.execute(status -> {
                var given = seats.lease(instance.subLicense(), instance.id().value());
                instances.seat(instance.id(), given, now);
                return given;
            });
            return lease == null ? null : lease.signed();
        } catch (LicenseException e) {
            log.info("instance {} keeps no seat: {}", instance.id(), e.code());
            transaction.executeWithoutResult(status -> instances.seat(instance.id(), kept(instance, now), now));
            return null;
        }
    }

    private static @Nullable SeatLease kept(Instances.Row instance, Instant now) {
        var until = instance.seatUntil();
        return until != null && until.isAfter(now)
                ? new SeatLease(until, until.equals(instance.offlineLeaseUntil()), null)
                : null;
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
        return !until.equals(instance.offlineLeaseUntil())
                && !now.isBefore(renewed.plus(Duration.between(renewed, until).dividedBy(2)));
    }

    /** The lease that was given last did not get there: an answer was lost, or the machine lost its files. */
    static boolean isMissed(Instances.Row instance, Report.@Nullable LicenseState told, Instant now) {
        var until = instance.seatUntil();
        var renewed = instance.seatRenewedAt();
        if (told == null || told.state().equals(NO_LEASES) || until == null || renewed == null) {
            return false;
        }
        boolean has = told.leaseUntil() != null && !told.leaseUntil().isBefore(until);
        return !has && !now.isBefore(renewed.plus(RETRY));
    }
}
