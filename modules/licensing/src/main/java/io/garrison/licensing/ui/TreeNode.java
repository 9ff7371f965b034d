package io.garrison.licensing.ui;

import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicenseHoldings.TenantHolding;
import io.garrison.licensing.SubLicenseSummary;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of a licence's tree. */
sealed interface TreeNode {

    /** The same for the same thing, however its figures change. */
    String key();

    String name();

    Entitlements held();

    @Nullable
    Instant ends();

    /** @param slug empty if the reader cannot go there */
    record OfTenant(TenantHolding holding, String name, String slug) implements TreeNode {

        @Override
        public String key() {
            return holding.tenant().toString();
        }

        @Override
        public Entitlements held() {
            return holding.held();
        }

        @Override
        public @Nullable Instant ends() {
            return holding.ends();
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
    }
}
