package io.garrison.licensing.ui;

import io.garrison.licensing.AllotmentSummary;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicenseHoldings.TenantHolding;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.tenancy.ResellerSummary;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row of a licence's tree. */
sealed interface TreeNode {

    /** The same for the same thing, however its figures change. */
    String key();

    String name();

    Entitlements held();

    @Nullable
    Instant ends();

    /** How many sub-licences hang below it. */
    long subLicenses();

    /** A reseller with the part that it has, and those of its tenants that hold something of that. */
    record OfReseller(ResellerSummary reseller, AllotmentSummary allotment, List<OfTenant> tenants)
            implements TreeNode {

        @Override
        public String key() {
            return allotment.id().toString();
        }

        @Override
        public String name() {
            return reseller.name();
        }

        @Override
        public Entitlements held() {
            return allotment.entitlements();
        }

        @Override
        public @Nullable Instant ends() {
            return null;
        }

        @Override
        public long subLicenses() {
            return tenants.stream().mapToLong(OfTenant::subLicenses).sum();
        }
    }

    /** @param slug empty if the reader cannot go there */
    record OfTenant(TenantHolding holding, String name, String slug) implements TreeNode {

        @Override
        public String key() {
            return holding.tenant() + " " + holding.allotment();
        }

        @Override
        public Entitlements held() {
            return holding.held();
        }

        @Override
        public @Nullable Instant ends() {
            return holding.ends();
        }

        @Override
        public long subLicenses() {
            return holding.subLicenses();
        }
    }

    record OfSubLicense(SubLicenseSummary one, OfTenant tenant) implements TreeNode {

        @Override
        public String key() {
            return one.id().toString();
        }

        @Override
        public String name() {
            return LicenseWords.name(one.id());
        }

        @Override
        public Entitlements held() {
            return one.entitlements();
        }

        @Override
        public Instant ends() {
            return one.validUntil();
        }

        @Override
        public long subLicenses() {
            return 0;
        }
    }
}
