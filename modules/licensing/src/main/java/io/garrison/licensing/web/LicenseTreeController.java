package io.garrison.licensing.web;

import io.garrison.licensing.LicenseTree;
import io.garrison.licensing.LicenseTree.Branch;
import io.garrison.licensing.LicenseTree.Leaf;
import io.garrison.licensing.LicenseTree.Twig;
import io.garrison.licensing.LicenseTrees;
import io.garrison.licensing.Metric;
import io.garrison.licensing.SubLicenseState;
import io.garrison.licensing.web.LicenseController.PoolLine;
import io.garrison.tenancy.ResellerState;
import io.garrison.tenancy.TenantState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Who has what of a licence. */
@RestController
@RequestMapping("/api/v1/licenses/{id}/tree")
class LicenseTreeController {

    private final LicenseTrees trees;

    LicenseTreeController(LicenseTrees trees) {
        this.trees = trees;
    }

    @GetMapping
    Told tree(@PathVariable String id) {
        return Told.of(trees.of(LicenseController.id(id)));
    }

    /**
     * @param tenants who hold sub-licences that are cut from the licence itself
     * @param complete false if there are more sub-licences than are told
     */
    record Told(
            UUID licenseId,
            String name,
            List<PoolLine> entitlements,
            List<ToldReseller> resellers,
            List<ToldTenant> tenants,
            boolean complete) {

        static Told of(LicenseTree tree) {
            return new Told(
                    tree.license().id().value(),
                    tree.license().mssp(),
                    LicenseController.lines(tree.pool()),
                    tree.resellers().stream().map(ToldReseller::of).toList(),
                    tree.tenants().stream().map(ToldTenant::of).toList(),
                    tree.complete());
        }
    }

    record ToldReseller(
            UUID id,
            String slug,
            String name,
            ResellerState state,
            UUID allotmentId,
            List<PoolLine> entitlements,
            List<ToldTenant> tenants) {

        static ToldReseller of(Branch branch) {
            var reseller = branch.reseller();
            return new ToldReseller(
                    reseller.id().value(),
                    reseller.slug(),
                    reseller.name(),
                    reseller.state(),
                    branch.allotment().id().value(),
                    LicenseController.lines(branch.pool()),
                    branch.tenants().stream().map(ToldTenant::of).toList());
        }
    }

    record ToldTenant(UUID id, String slug, String name, TenantState state, List<ToldSubLicense> subLicenses) {

        static ToldTenant of(Twig twig) {
            var tenant = twig.tenant();
            return new ToldTenant(
                    tenant.id().value(),
                    tenant.slug(),
                    tenant.name(),
                    tenant.state(),
                    twig.subLicenses().stream().map(ToldSubLicense::of).toList());
        }
    }

    record ToldSubLicense(
            UUID id, SubLicenseState state, Instant validFrom, Instant validUntil, List<ToldLine> entitlements) {

        static ToldSubLicense of(Leaf leaf) {
            var held = leaf.subLicense();
            var lines = new ArrayList<ToldLine>();
            for (var metric : Metric.values()) {
                lines.add(
                        switch (metric) {
                            case INSTANCES, THROUGHPUT_BPS, VIRTUAL_SERVICES ->
                                ToldLine.of(
                                        metric,
                                        held.entitlements().limit(metric),
                                        leaf.used().get(metric));
                            case FEATURES ->
                                new ToldLine(
                                        metric.wireName(), held.entitlements().features(), null, null, metric.unit());
                        });
            }
            return new ToldSubLicense(held.id().value(), held.state(), held.validFrom(), held.validUntil(), lines);
        }
    }

    /**
     * @param used null for features, and if nobody has told yet
     * @param overage what is used beyond the limit
     */
    record ToldLine(
            String metric,
            Object limit,
            @Nullable Long used,
            @Nullable Long overage,
            String unit) {

        static ToldLine of(Metric metric, long limit, @Nullable Long used) {
            return new ToldLine(
                    metric.wireName(), limit, used, used == null ? null : Math.max(0, used - limit), metric.unit());
        }
    }
}
