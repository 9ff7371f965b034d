package io.garrison.licensing;

import io.garrison.licensing.LeaseRule.IfLeasesBreak;
import io.garrison.licensing.LicenseException.LeasesRunning;
import io.garrison.licensing.PoolShare.Lingering;
import io.garrison.licensing.Seats.Marked;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Takes seats away when a limit falls below what runs: the newest first, because the oldest have proven themselves. The
 * caller holds the lock on the sub-licence, so nobody takes a seat in between.
 */
@Component
class SeatCuts {

    private final Seats seats;
    private final ObjectProvider<SeatHolders> holders;

    SeatCuts(Seats seats, ObjectProvider<SeatHolders> holders) {
        this.seats = seats;
        this.holders = holders;
    }

    /** Who would have to give a seat up, and does not have to already; the newest first. */
    List<UUID> breaking(SubLicenseId id, long limit, Instant now) {
        return fresh(seats.beyond(id, limit, now));
    }

    /** What people call them; those of whom nobody knows are left out. */
    Map<UUID, String> names(Collection<UUID> instances) {
        var known = holders.getIfAvailable();
        return known == null || instances.isEmpty() ? Map.of() : known.names(instances);
    }

    long running(SubLicenseId id, Instant now) {
        return seats.taken(id, now);
    }

    /**
     * Who was cut.
     *
     * @param broken instances that have to give their seats up because of this
     * @param lingering all that is to be given up, also because of earlier cuts
     */
    record Cut(List<UUID> broken, Lingering lingering) {}

    /**
     * Marks the seats beyond the limit as to be given up, and lets all others stay.
     *
     * @throws LeasesRunning if somebody would have to give a seat up and the rule is to refuse
     */
    Cut cut(SubLicenseId id, long limit, LeaseRule rule, Instant now) {
        var broken = breaking(id, limit, now);
        if (!broken.isEmpty() && rule.ifLeasesBreak() == IfLeasesBreak.REFUSE) {
            throw new LeasesRunning(broken);
        }
        seats.mark(broken, rule.giveUpAt(now));
        return new Cut(broken, ease(id, limit, now));
    }

    /** Lets those stay that there is room for now. Those whom nobody has marked stay anyway. */
    Lingering ease(SubLicenseId id, long limit, Instant now) {
        var marked = seats.beyond(id, limit, now).stream()
                .filter(seat -> seat.giveUpAt() != null)
                .toList();
        seats.keepAllBut(id, marked.stream().map(Marked::instance).toList());
        return seats.lingering(id, now);
    }

    /** Nobody gives a seat up at a later time: all run out. */
    void letRunOut(SubLicenseId id) {
        seats.keepAllBut(id, List.of());
    }

    /** When the last seat has to be given up that still can be renewed. */
    Optional<Instant> lastGiveUp(SubLicenseId id, Instant now) {
        return seats.lastGiveUp(id, now);
    }

    /**
     * Does what the rule says to those who were cut, for the bound tenant. Locks them, so it comes before anything is
     * written to the audit trail, which everybody locks last.
     */
    void tell(Collection<UUID> broken, LeaseRule rule) {
        if (rule.ifLeasesBreak() == IfLeasesBreak.DRAIN && !broken.isEmpty()) {
            holders.ifAvailable(known -> known.drain(broken));
        }
    }

    private static List<UUID> fresh(List<Marked> beyond) {
        return beyond.stream()
                .filter(seat -> seat.giveUpAt() == null)
                .map(Marked::instance)
                .toList();
    }
}
