package io.garrison.licensing;

import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Moves entitlements from a sub-licence of the bound tenant to another sub-licence of the same licence, which may be
 * another tenant's. Both sides change in one transaction or neither, so that the licence pool is whole at each instant;
 * both are signed again. The giving tenant may look at its transfers, but who shows them to it leaves out where they go.
 */
public interface SubLicenseTransfers {

    /**
     * Does it now, or notes it to be done later. What is noted is done once, after its time, by whichever replica comes
     * first, also after a restart. It may still fail then, for instance because instances run on what was to go.
     *
     * @throws LicenseException.UnknownSubLicense if the bound tenant has no such sub-licence
     * @throws LicenseException.TransferRefused if it cannot be: nothing moves, the target is no sub-licence of the same
     *     licence, or the time is past
     * @throws LicenseException.LeasesRunning if it is done now, instances run on what is to go, and the rule is to refuse
     */
    Transfer request(SubLicenseId from, Order order);

    /**
     * The newest first.
     *
     * @param after id of the last one seen
     * @param limit at most 501
     */
    List<Transfer> list(SubLicenseId from, @Nullable UUID after, int limit);

    /** @throws LicenseException.UnknownTransfer if the sub-licence has none such */
    Transfer get(SubLicenseId from, UUID id);

    /**
     * @throws LicenseException.UnknownTransfer if the sub-licence has none such
     * @throws LicenseException.WrongState if it is not scheduled any more
     */
    Transfer cancel(SubLicenseId from, UUID id);

    /**
     * What is to move.
     *
     * @param amounts counts only, not all of them 0
     * @param effectiveAt null for now
     */
    record Order(
            TenantId toTenant,
            SubLicenseId to,
            Entitlements amounts,
            LeaseRule rule,
            @Nullable Instant effectiveAt,
            @Nullable String reason) {}
}
