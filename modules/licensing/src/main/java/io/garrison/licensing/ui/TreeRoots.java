package io.garrison.licensing.ui;

import io.garrison.licensing.AllotmentId;
import io.garrison.licensing.AllotmentSummary;
import io.garrison.licensing.LicenseHoldings.Filter;
import io.garrison.licensing.LicenseHoldings.TenantHolding;
import io.garrison.licensing.LicenseId;
import io.garrison.licensing.ui.TreeNode.OfReseller;
import io.garrison.licensing.ui.TreeNode.OfTenant;
import io.garrison.tenancy.ResellerId;
import io.garrison.tenancy.ResellerSummary;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The upper rows of a licence's tree: resellers with their tenants, and tenants of the provider's own. */
record TreeRoots(List<TreeNode> nodes, long tenants, long subLicenses) {

    /** @param wanted part of a name or short name; empty for all */
    static TreeRoots of(ProviderTools provider, LicenseId license, Filter filter, String wanted) {
        var words = wanted.strip().toLowerCase(Locale.ROOT);
        Map<TenantId, TenantSummary> known = provider.workspace().available().stream()
                .collect(Collectors.toMap(TenantSummary::id, Function.identity()));
        var rows = provider.holdings().tenants(license, filter).stream()
                .map(holding -> row(holding, known.get(holding.tenant())))
                .toList();
        List<TreeNode> nodes = new ArrayList<>(resellers(provider, license, rows, filter, words));
        rows.stream()
                .filter(row -> row.holding().allotment() == null && fits(words, row.name(), row.slug()))
                .forEach(nodes::add);
        long tenants = nodes.stream()
                .mapToLong(node ->
                        node instanceof OfReseller reseller ? reseller.tenants().size() : 1)
                .sum();
        return new TreeRoots(
                List.copyOf(nodes),
                tenants,
                nodes.stream().mapToLong(TreeNode::subLicenses).sum());
    }

    private static List<OfReseller> resellers(
            ProviderTools provider, LicenseId license, List<OfTenant> rows, Filter filter, String words) {
        var allotments = provider.holdings().allotments(license);
        if (allotments.isEmpty()) {
            return List.of();
        }
        Map<ResellerId, ResellerSummary> names =
                provider.allResellers().stream().collect(Collectors.toMap(ResellerSummary::id, Function.identity()));
        Map<AllotmentId, List<OfTenant>> below = rows.stream()
                .filter(row -> row.holding().allotment() != null)
                .collect(Collectors.groupingBy(TreeRoots::allotment));
        return allotments.stream()
                .filter(allotment -> names.containsKey(allotment.reseller()))
                .map(allotment -> reseller(names, allotment, below.getOrDefault(allotment.id(), List.of()), words))
                .filter(row -> !row.tenants().isEmpty()
                        || (filter.equals(Filter.ALL)
                                && fits(words, row.name(), row.reseller().slug())))
                .toList();
    }

    /** All of its tenants if its own name is asked for. */
    private static OfReseller reseller(
            Map<ResellerId, ResellerSummary> names, AllotmentSummary allotment, List<OfTenant> tenants, String words) {
        var reseller = names.get(allotment.reseller());
        if (reseller == null) {
            throw new IllegalArgumentException("nobody has " + allotment.id());
        }
        var asked = fits(words, reseller.name(), reseller.slug());
        return new OfReseller(
                reseller,
                allotment,
                tenants.stream()
                        .filter(row -> asked || fits(words, row.name(), row.slug()))
                        .toList());
    }

    private static AllotmentId allotment(OfTenant row) {
        var allotment = row.holding().allotment();
        if (allotment == null) {
            throw new IllegalArgumentException(row.name() + " draws from the licence itself");
        }
        return allotment;
    }

    private static OfTenant row(TenantHolding holding, @Nullable TenantSummary tenant) {
        return tenant == null
                ? new OfTenant(holding, holding.tenant().toString(), "")
                : new OfTenant(holding, tenant.name(), tenant.slug());
    }

    private static boolean fits(String words, String name, String slug) {
        return words.isEmpty() || name.toLowerCase(Locale.ROOT).contains(words) || slug.contains(words);
    }
}
