package io.garrison.licensing;

import io.garrison.licensing.LicenseException.AllocationRefused;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.tenancy.Refusal.FieldError;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Whether a licence has room for an allotment, and an allotment for what is cut from it. */
@Component
class AllotmentRoom {

    private final Licenses licenses;
    private final Pools pools;
    private final PoolShares shares;
    private final VendorTrust trust;
    private final Installation installation;

    AllotmentRoom(Licenses licenses, Pools pools, PoolShares shares, VendorTrust trust, Installation installation) {
        this.licenses = licenses;
        this.pools = pools;
        this.shares = shares;
        this.trust = trust;
        this.installation = installation;
    }

    Instant now() {
        return installation.now().truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * Locks the licence, of which something new is to be given.
     *
     * @throws LicenseException if it is not loaded, or nothing may be given of it
     */
    LicenseSummary lockToGive(LicenseId id) {
        trust.requireProviderLicenses();
        var license = licenses.lock(id)
                .orElseThrow(() -> new AllocationRefused(List.of(
                        new FieldError("licenseId", "license.unknown", "There is no such licence.", id.toString()))));
        trust.requireFit(license.demo());
        LicenseFile.requireInTime(license.validFrom(), license.validUntil(), now());
        return license;
    }

    LicenseSummary lock(LicenseId id) {
        return licenses.lock(id)
                .orElseThrow(() -> new IllegalStateException("an allotment hangs on no licence: " + id));
    }

    LicensePool pool(AllotmentSummary allotment) {
        return pools.of(allotment, now());
    }

    /** What is cut from it now, at the limits and factors that are given. */
    PoolLevel cut(AllotmentSummary allotment) {
        return pools.level(allotment, now());
    }

    /** How many sub-licences are cut from it. */
    long holders(AllotmentSummary allotment) {
        return shares.holders(allotment.id(), now());
    }

    /**
     * Whether the licence has what the allotment is to be. The caller holds the lock on the licence.
     *
     * @param was null if it is new
     * @throws LicenseException if the licence does not grant it, or its pool is exhausted
     */
    void requireWithin(LicenseSummary license, @Nullable AllotmentSummary was, AllotmentSummary became) {
        var errors = new ArrayList<FieldError>();
        AllocationRules.features("the licence", license.entitlements(), became.entitlements(), errors);
        if (!errors.isEmpty()) {
            throw new AllocationRefused(errors);
        }
        var level = pools.level(license, now());
        var before = was == null ? Held.NOTHING : held(was);
        var after = held(became);
        Metric.counted().forEach(metric -> level.requireRoom(metric, before.of(metric), after.of(metric)));
        Metric.counted().forEach(metric -> above(license, became, metric, errors));
        if (!errors.isEmpty()) {
            throw new AllocationRefused(errors);
        }
    }

    /** However many times over the licence is given away, no single part is more than the licence has. */
    private static void above(LicenseSummary license, AllotmentSummary became, Metric metric, List<FieldError> errors) {
        long most = license.entitlements().limit(metric);
        long asked = became.entitlements().limit(metric);
        if (asked > most) {
            errors.add(new FieldError(
                    "entitlements",
                    "license.limit-exceeds-license",
                    "%s: the licence itself has %d".formatted(metric.wireName(), most),
                    asked));
        }
    }

    /** Whether more could be cut from it than before. */
    boolean grows(AllotmentSummary was, AllotmentSummary became) {
        return held(became).isMoreThan(held(was))
                || capacity(became).isMoreThan(capacity(was))
                || !was.entitlements()
                        .features()
                        .containsAll(became.entitlements().features());
    }

    private static Held held(AllotmentSummary allotment) {
        return held(allotment.entitlements()::limit);
    }

    private static Held capacity(AllotmentSummary allotment) {
        return held(metric -> allotment.overcommit().capacity(metric, allotment.entitlements()));
    }

    private static Held held(ToLongFunction<Metric> amount) {
        var counts = new EnumMap<Metric, BigDecimal>(Metric.class);
        Metric.counted().forEach(metric -> counts.put(metric, BigDecimal.valueOf(amount.applyAsLong(metric))));
        return new Held(counts, Set.of());
    }
}
