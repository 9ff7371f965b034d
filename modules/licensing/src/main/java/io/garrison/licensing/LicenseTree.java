package io.garrison.licensing;

import io.garrison.tenancy.ResellerSummary;
import io.garrison.tenancy.TenantSummary;
import java.util.List;
import java.util.Map;

/**
 * Who has what of a licence, at one moment. What is revoked is left out once its share has gone back.
 *
 * @param resellers those who have an allotment of it, by slug
 * @param tenants those who hold sub-licences that are cut from the licence itself, by slug
 * @param complete whether all of its sub-licences are in it; a tree has {@link LicenseTrees#MAX_SUB_LICENSES} at most
 */
public record LicenseTree(
        LicenseSummary license, LicensePool pool, List<Branch> resellers, List<Twig> tenants, boolean complete) {

    /** A reseller with what it has. */
    public record Branch(ResellerSummary reseller, AllotmentSummary allotment, LicensePool pool, List<Twig> tenants) {}

    /** A tenant with what it holds, the oldest first. */
    public record Twig(TenantSummary tenant, List<Leaf> subLicenses) {}

    /** @param used by metric, as far as anybody has told */
    public record Leaf(SubLicenseSummary subLicense, Map<Metric, Long> used) {}
}
