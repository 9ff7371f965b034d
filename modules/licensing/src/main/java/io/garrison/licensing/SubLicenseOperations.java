package io.garrison.licensing;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How the provider changes a sub-licence of the bound tenant. Each change signs it again under the next serial and adds
 * to its history. None of them stops traffic.
 *
 * <p>All of them throw {@link LicenseException.UnknownSubLicense} if the bound tenant has none such, and all that change
 * something {@link LicenseException.AlreadyRevoked} if it is revoked.
 */
public interface SubLicenseOperations {

    /**
     * Sets what it grants. More comes from the licence pool, less goes back there; seats that linger under the rule, or
     * because an offline lease is out, count in the pool as long as they linger.
     *
     * @throws LicenseException.PoolExhausted if a count does not fit what is left
     * @throws LicenseException.AllocationRefused if the licence does not grant it
     * @throws LicenseException.LeasesRunning if more instances run than would have a seat and the rule is to refuse
     */
    SubLicenseSummary resize(SubLicenseId id, Terms asked, LeaseRule rule, @Nullable String reason);

    /** What {@link #resize} would do now. Changes nothing. */
    Preview preview(SubLicenseId id, Terms asked);

    /**
     * Lets it last longer. One whose share went back to the pool takes a new one.
     *
     * @param validUntil not before the present end
     * @param graceDays 0 to 365; null to leave it as it is
     * @throws LicenseException.PoolExhausted if its share went back and is not to be had any more
     * @throws LicenseException.AllocationRefused if the licence ends before, or the end does not move forward
     */
    SubLicenseSummary renew(SubLicenseId id, Instant validUntil, @Nullable Integer graceDays, @Nullable String reason);

    /**
     * Nothing new may be made or published under it until it is resumed. Seats and the share in the pool stay.
     *
     * @throws LicenseException.WrongState if it is suspended
     */
    SubLicenseSummary suspend(SubLicenseId id, @Nullable String reason);

    /** @throws LicenseException.WrongState if it is not suspended */
    SubLicenseSummary resume(SubLicenseId id, @Nullable String reason);

    /**
     * Takes it back for good. Its share returns to the licence pool at once, or with a grace when that is over. Seats on
     * offline leases that end later count in the pool until then.
     *
     * @throws LicenseException.LeasesRunning if instances run and the rule is to refuse
     */
    SubLicenseSummary revoke(SubLicenseId id, LeaseRule rule, @Nullable String reason);

    /** Whether it was allocated here. One that came as a file is changed where it was issued, and by none of these. */
    boolean issuedHere(SubLicenseId id);

    /**
     * The newest first.
     *
     * @param before serial of the last one seen; null to begin with the newest
     * @param limit at most 501
     */
    List<SubLicenseChange> history(SubLicenseId id, @Nullable Long before, int limit);

    /**
     * What it is to grant.
     *
     * @param overage what happens beyond the limits from now on; metrics that are not named keep their rule
     */
    record Terms(Entitlements entitlements, Map<Metric, Overage> overage) {

        /** Other limits under the same rules. */
        public static Terms of(Entitlements entitlements) {
            return new Terms(entitlements, Map.of());
        }

        Overages over(Overages present) {
            var all = new EnumMap<Metric, Overage>(Metric.class);
            all.putAll(present.byMetric());
            all.putAll(overage);
            return new Overages(all);
        }
    }

    /**
     * What a resize would do.
     *
     * @param pool what the pool that it is cut from, the licence's or the reseller's allotment's, would have afterwards; as it
     *     is now if the resize would be refused
     * @param refusals why it would be refused, whatever the rule for leases; empty if it would not
     * @param running seats that are taken
     * @param breaking instances that would have to give their seats up, the newest first
     * @param names what people call those of them that are known
     */
    record Preview(
            LicensePool pool,
            List<LicenseException> refusals,
            long running,
            List<UUID> breaking,
            Map<UUID, String> names) {}
}
